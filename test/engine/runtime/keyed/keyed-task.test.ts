import { describe, expect, it } from 'vitest';
import type { KeyedOperator } from '../../../../engine/contract/operator.ts';
import { CRASH, drive, KeyedTaskDriver, tick } from '../../../keyed-task-driver.ts';
import { detected, frame, gap, mark } from '../../../records.ts';
import { numbering, tallying } from './operators.ts';
import { numbersOf } from './outcomes.ts';

const two = [detected(), detected()];

describe('a keyed task', () => {
  it('takes every record through the operators, in order, into the log', async () => {
    const { topics } = await drive([numbering], [mark('up'), frame(1, two), gap(2, 4), frame(5, two)]);
    expect(topics.tracks.map(({ id, type }) => [id, type])).toEqual([
      ['dock-1/1/0', 'mark'],
      ['dock-1/1/1', 'tracks'],
      ['dock-1/1/2', 'gap'],
      ['dock-1/1/5', 'tracks'],
    ]);
    expect(numbersOf(topics.tracks)).toEqual([0, 1, 2, 3]);
  });

  it('keeps the cameras apart', async () => {
    const other = { camera: 'dock-2' };
    const { topics } = await drive(
      [numbering],
      [
        [mark('up'), mark('up', 0, other)],
        [frame(1, two), frame(1, two, other)],
      ],
    );
    const tracks = topics.tracks.flatMap((record) => (record.type === 'tracks' ? record.objects.map(({ track }) => track) : []));
    expect(tracks).toEqual(['dock-1/0', 'dock-1/1', 'dock-2/0', 'dock-2/1']);
  });

  it('hands what one operator emits to the next in memory, and leaves readable rows', async () => {
    const { tables } = await drive([numbering, tallying], [mark('up'), frame(1, two), gap(2, 4), frame(5, two)]);
    expect(tables['totals']).toEqual({ 'dock-1': { objects: 4, unseen: 3 } });
    expect(tables['newest']).toEqual({ 'dock-1': { id: 'dock-1/1/5', time: frame(5).time } });
  });

  it('drops a record whose place is known, and cuts a gap to what is new', async () => {
    const again = [frame(1, two), gap(1, 4, 'overload')];
    const { topics, tables } = await drive([numbering, tallying], [mark('up'), frame(1, two), frame(2, two), ...again, frame(5, two)]);
    expect(topics.tracks.map(({ id }) => id)).toEqual(['dock-1/1/0', 'dock-1/1/1', 'dock-1/1/2', 'dock-1/1/3', 'dock-1/1/5']);
    expect(topics.tracks[3]).toMatchObject({ type: 'gap', from: 3, to: 4, time: frame(2).time });
    expect(tables['totals']).toEqual({ 'dock-1': { objects: 6, unseen: 2 } });
  });

  it('brings a settings mark to the operators in its place: what lies before is judged by the old, what lies after by the new', async () => {
    const thresholds = [mark('settings', 2, { settings: { least: 0.6 } }), mark('settings', 4, { settings: { least: 0.4 } })];
    const steps = [mark('up'), frame(1, two), thresholds[0], tick(500), frame(3, two), thresholds[1], frame(5, two)].filter(
      (step) => step !== undefined,
    );
    const undisturbed = await drive([filtering], steps);
    expect(undisturbed.topics.tracks.map((record) => (record.type === 'tracks' ? record.objects.length : record.type))).toEqual([
      'mark',
      2,
      'mark',
      0,
      'mark',
      2,
    ]);
    const crashed = await drive(
      [filtering],
      steps.flatMap((step) => [step, CRASH]),
    );
    expect(crashed.topics).toEqual(undisturbed.topics);
  });

  it('reads on in batches when much is there at its start', async () => {
    const driver = new KeyedTaskDriver([numbering], { batchRecords: 4 });
    await driver.write([mark('up'), ...Array.from({ length: 30 }, (_, index) => frame(index + 1, two))]);
    await driver.begin();
    const { topics, position } = await driver.finish();
    expect(topics.tracks).toHaveLength(31);
    expect(position).toBe(31);
  });

  it('gives the event loop to others between batches', async () => {
    const driver = new KeyedTaskDriver([numbering], { batchRecords: 4 });
    await driver.write([mark('up'), ...Array.from({ length: 30 }, (_, index) => frame(index + 1))]);
    let turns = 0;
    const count = () => {
      turns++;
      if (driver.task.state !== 'closed') setImmediate(count);
    };
    const begun = driver.begin();
    count();
    await begun;
    expect(turns).toBeGreaterThanOrEqual(8);
    await driver.finish();
  });

  it('goes on at once when the log tells of a commit', async () => {
    const driver = new KeyedTaskDriver([numbering]);
    await driver.begin();
    await driver.step(mark('up'));
    await driver.step(frame(1, two));
    driver.release();
    expect(driver.read('tracks')).toHaveLength(2);
    await driver.finish();
  });
});

/** Keeps objects above a score that settings marks set. */
const filtering: KeyedOperator<{ least: number }, 'detections', 'tracks'> = {
  name: 'filtering',
  stateVersion: 1,
  consumes: 'detections',
  emits: ['tracks'],
  initial: () => ({ least: 0 }),
  process(record, state, out) {
    if (record.type !== 'detections') {
      if (record.type === 'mark' && record.mark === 'settings') state.least = Number(record.settings?.['least']);
      out.emit('tracks', record);
      return;
    }
    const kept = record.objects.filter(({ score }) => score >= state.least);
    const objects = kept.map((object) => ({ ...object, track: 'dock-1/0', state: 'confirmed' as const, since: record.time }));
    out.emit('tracks', { ...record, type: 'tracks', objects });
  },
};
