import { describe, expect, it } from 'vitest';
import type { KeyedOperator } from '../../../../engine/contract/operator.ts';
import { CRASH, drive, tick } from '../../../keyed-task-driver.ts';
import { detected, frame, gap, mark, START_MS } from '../../../records.ts';

interface Diary {
  readonly lines: string[];
}

/** Writes down what it is called with; asks for the times that the labels of objects name, in milliseconds since the start. */
const diary: KeyedOperator<Diary, 'detections', 'tracks'> = {
  name: 'diary',
  stateVersion: 1,
  consumes: 'detections',
  emits: ['tracks'],
  initial: () => ({ lines: [] }),
  process(record, { lines }, out) {
    lines.push(record.type === 'gap' ? `gap ${record.from}-${record.to}` : `${record.type} ${record.seq}`);
    if (record.type !== 'detections') return;
    for (const { label } of record.objects) out.wakeAt(START_MS + Number(label));
  },
  onTime(time, { lines }, out) {
    lines.push(`timer ${time - START_MS} at ${out.place.session}/${out.place.seq}`);
    if (time === START_MS + 333) for (const next of [100, 333, 350, 444]) out.wakeAt(START_MS + next);
  },
};

const asking = (seq: number, ...times: number[]) =>
  frame(
    seq,
    times.map((time) => detected(String(time))),
  );

describe('a timer', () => {
  it('is called before the first record at its time or behind it, at the place of that record', async () => {
    expect(await linesOf([mark('up'), asking(1, 250, 300), frame(2), frame(3), frame(4)])).toEqual([
      'mark 0',
      'detections 1',
      'detections 2',
      'timer 250 at 1/3',
      'timer 300 at 1/3',
      'detections 3',
      'detections 4',
    ]);
  });

  it('is called in order of time, whatever the order of asking, and once for each time', async () => {
    expect(await linesOf([mark('up'), asking(1, 320, 250, 320, 280), frame(2, [], { time: START_MS + 500 })])).toEqual([
      'mark 0',
      'detections 1',
      'timer 250 at 1/2',
      'timer 280 at 1/2',
      'timer 320 at 1/2',
      'detections 2',
    ]);
  });

  it('that a timer asks for is called in the same go when it is due, and what was reached already counts as the next millisecond', async () => {
    expect(
      await linesOf([mark('up'), asking(1, 333), mark('heartbeat', 2, { time: START_MS + 400 }), frame(3, [], { time: START_MS + 500 })]),
    ).toEqual([
      'mark 0',
      'detections 1',
      'timer 333 at 1/2',
      'timer 334 at 1/2',
      'timer 350 at 1/2',
      'mark 2',
      'timer 444 at 1/3',
      'detections 3',
    ]);
  });

  it('for a time that was reached is called with the next record that moves time', async () => {
    expect(await linesOf([mark('up'), frame(3), asking(4, 100), frame(5)])).toEqual([
      'mark 0',
      'gap 1-2',
      'detections 3',
      'detections 4',
      'timer 401 at 1/5',
      'detections 5',
    ]);
  });

  it('due inside a gap is called behind the gap, at its place; one due when it begins, before', async () => {
    expect(await linesOf([mark('up'), asking(1, 200, 300, 400, 401), gap(2, 4), frame(5)])).toEqual([
      'mark 0',
      'detections 1',
      'timer 200 at 1/4',
      'gap 2-4',
      'timer 300 at 1/4',
      'timer 400 at 1/4',
      'timer 401 at 1/5',
      'detections 5',
    ]);
  });

  it('is called by a heartbeat, and not by one whose time lies before a frame', async () => {
    const heartbeat = (seq: number, ms: number) => mark('heartbeat', seq, { time: START_MS + ms });
    expect(await linesOf([mark('up'), asking(1, 150), heartbeat(2, 120), heartbeat(3, 90), heartbeat(4, 150)])).toEqual([
      'mark 0',
      'detections 1',
      'mark 2',
      'mark 3',
      'timer 150 at 1/4',
      'mark 4',
    ]);
  });

  it('is moved by the records of its own camera only', async () => {
    expect(await linesOf([mark('up'), asking(1, 150), frame(0, [], { camera: 'dock-2', time: START_MS + 9_000 })])).toEqual([
      'mark 0',
      'detections 1',
    ]);
  });

  it('is kept with the state', async () => {
    const { state } = await drive([diary], [mark('up'), asking(1, 250), tick(500), CRASH, frame(2), CRASH, tick(500), frame(3)]);
    expect(state['dock-1']).toMatchObject({
      operators: { diary: { state: { lines: expect.arrayContaining(['timer 250 at 1/3']) } } },
      wakes: [],
    });
  });
});

async function linesOf(steps: Parameters<typeof drive>[1]): Promise<readonly string[]> {
  const { state } = await drive([diary], steps);
  const camera = state['dock-1'] as { readonly operators: { readonly diary: { readonly state: Diary } } };
  return camera.operators.diary.state.lines;
}
