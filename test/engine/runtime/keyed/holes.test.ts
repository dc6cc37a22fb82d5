import { describe, expect, it } from 'vitest';
import type { GapRecord } from '../../../../engine/records/record.ts';
import { CRASH, drive, KeyedTaskDriver, tick } from '../../../keyed-task-driver.ts';
import { detected, frame, gap, mark } from '../../../records.ts';
import { numbering, tallying } from './operators.ts';

const one = [detected()];
const other = { camera: 'dock-2' };

describe('a hole', () => {
  it('comes as a lost gap before the record that shows it, to operators and output', async () => {
    const { topics, tables } = await drive([numbering, tallying], [mark('up'), frame(1, one), frame(5, one)]);
    expect(topics.tracks.map(({ id, type }) => [id, type])).toEqual([
      ['dock-1/1/0', 'mark'],
      ['dock-1/1/1', 'tracks'],
      ['dock-1/1/2', 'gap'],
      ['dock-1/1/5', 'tracks'],
    ]);
    expect(topics.tracks[2]).toMatchObject({ from: 2, to: 4, reason: 'lost', time: frame(1).time, until: frame(5).time });
    expect(tables['totals']).toEqual({ 'dock-1': { objects: 2, unseen: 3 } });
  });

  it('before a gap ends where the gap begins', async () => {
    const { topics } = await drive([numbering], [mark('up'), gap(4, 6)]);
    expect(topics.tracks.slice(1)).toMatchObject([
      { from: 1, to: 3, reason: 'lost', until: gap(4, 6).time },
      { from: 4, to: 6, reason: 'stale' },
    ]);
  });

  it('at the start of a session is one as well', async () => {
    const next = { session: 2, time: frame(9).time };
    const { topics } = await drive([numbering], [mark('up'), frame(1), frame(2, one, next)]);
    expect(topics.tracks[2]).toMatchObject({ session: 2, from: 0, to: 1, reason: 'lost', time: frame(1).time, until: next.time });
  });

  it('is told to the observer once, also when it runs again', async () => {
    const holes: GapRecord[] = [];
    const observer = { hole: (hole: GapRecord) => holes.push(hole) };
    await drive([numbering], [mark('up'), frame(3, [detected('poison')]), frame(4)], { observer });
    expect(holes).toMatchObject([{ from: 1, to: 2 }]);
  });

  it('before the first record of a camera is one, when the task has read the topic from its first record', async () => {
    const { topics } = await drive([numbering], [mark('up'), frame(3, one, other)]);
    expect(topics.tracks[1]).toMatchObject({ camera: 'dock-2', from: 0, to: 2, reason: 'lost', time: frame(3).time, until: frame(3).time });
  });
});

describe('a fresh task on a topic whose start retention has taken', () => {
  const before = [mark('up'), frame(1), mark('up', 0, other), frame(1, [], other), frame(2), frame(3)];

  /** Positions 0 to 3 are gone: of dock-2 nothing is left, of dock-1 what comes after place 1. */
  async function begin(): Promise<KeyedTaskDriver> {
    const driver = new KeyedTaskDriver([numbering]);
    await driver.write(before);
    driver.disk.expire('detections', 4);
    await driver.begin();
    return driver;
  }
  const summary = (driver: KeyedTaskDriver) => driver.read('tracks').map(({ id, type }) => `${id} ${type}`);

  it('calls nothing lost that retention took', async () => {
    const driver = await begin();
    await driver.finish();
    expect(summary(driver)).toEqual(['dock-1/1/2 tracks', 'dock-1/1/3 tracks']);
  });

  it('begins at the start of the log and saves that at once', async () => {
    const driver = await begin();
    expect(driver.store.saved('analyse/0')?.position).toBe(4);
    expect((await driver.finish()).position).toBe(6);
  });

  it('tells every hole behind the first record that it has of a camera', async () => {
    const driver = await begin();
    await driver.step(frame(6));
    await driver.finish();
    expect(summary(driver).slice(2)).toEqual(['dock-1/1/4 gap', 'dock-1/1/6 tracks']);
  });

  it('goes on with a camera of which nothing is left where it was, and tells the hole since', async () => {
    const driver = await begin();
    await driver.step(frame(2, [], other));
    expect(await driver.finish()).toMatchObject({ topics: { tracks: [{}, {}, { id: 'dock-2/1/2', type: 'tracks' }] } });

    const holed = await begin();
    await holed.step(frame(4, [], other));
    await holed.finish();
    expect(summary(holed).slice(2)).toEqual(['dock-2/1/2 gap', 'dock-2/1/4 tracks']);
  });

  it('tells every hole of a camera that had no record before', async () => {
    const driver = await begin();
    await driver.step(frame(2, [], { camera: 'dock-3' }));
    await driver.finish();
    expect(summary(driver).slice(2)).toEqual(['dock-3/1/0 gap', 'dock-3/1/2 tracks']);
  });

  it('judges the same after a crash, although the topic has grown and lost its start again', async () => {
    const driver = await begin();
    await driver.step(frame(2, [], { camera: 'dock-3' }));
    driver.disk.expire('detections', 4);
    await driver.step(CRASH);
    await driver.step(tick(500));
    await driver.finish();
    expect(summary(driver).slice(2)).toEqual(['dock-3/1/0 gap', 'dock-3/1/2 tracks']);
  });
});
