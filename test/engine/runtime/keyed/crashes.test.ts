import { describe, expect, it } from 'vitest';
import { CRASH, drive, driveWithCrashes, REVIVE, STALL, type Step, TAKEOVER, tick } from '../../../keyed-task-driver.ts';
import { detected, frame, gap, mark, tracked } from '../../../records.ts';
import { numbering, POISON, seconds, tallying } from './operators.ts';
import { firstOfEachPlace, numbersOf } from './outcomes.ts';

const two = [detected(), detected()];
const operators = [numbering, seconds, tallying];
const other = { camera: 'dock-2' };

/** A bit of everything: two cameras, a hole, a poison record, gaps, seconds that end, a new session. */
const steps: readonly Step[] = [
  [mark('up'), mark('up', 0, other)],
  [frame(1, two), frame(1, two, other), frame(2, two)],
  tick(500),
  [frame(3, [detected(POISON)]), frame(2, two, other)],
  frame(6, two),
  tick(200),
  [gap(7, 25, 'stale'), frame(26, two)],
  tick(300),
  [mark('up', 0, { session: 2, time: frame(30).time }), frame(1, two, { session: 2, time: frame(31).time })],
  frame(40, two, other),
];

describe('a crash', () => {
  it('changes nothing, wherever it comes', async () => {
    const { topics, deadLetters } = await driveWithCrashes(operators, steps);
    expect(topics.tracks.length).toBeGreaterThan(15);
    expect(deadLetters).toHaveLength(1);
  });

  it('changes nothing when it keeps a part of what was on its way, of one topic and not of the other', async () => {
    const undisturbed = await drive(operators, steps);
    for (const at of steps.keys()) {
      for (const kept of ['tracks', 'dead-letters'] as const) {
        const crashed = await drive(operators, steps.toSpliced(at + 1, 0, CRASH), { crash: (topic) => (topic === kept ? 1 : 0) });
        expect(crashed, `behind step ${at}`).toEqual(undisturbed);
      }
    }
  });

  it('is noticed where an operator looks at anything but its records (negative control)', async () => {
    let calls = 0;
    const impure: typeof numbering = {
      ...numbering,
      process: (record, _state, out) =>
        out.emit('tracks', record.type === 'detections' ? { ...tracked(record.seq), picture: { calls: calls++ } } : record),
    };
    await expect(driveWithCrashes([impure], [mark('up'), frame(1), frame(2)])).rejects.toThrow('In a second run, topics came out as');
  });

  it('takes the task back to its checkpoint, as the repeated work shows', async () => {
    let taken = 0;
    const observer = { taken: () => taken++ };
    await drive(operators, [mark('up'), frame(1), tick(500), frame(2), frame(3), CRASH, frame(4)], { observer });
    expect(taken).toBe(5 + 2);
  });

  it('writes nothing twice, as the topic itself shows, and counts what it did not write', async () => {
    let repeated = 0;
    const observer = { repeated: (_: string, records: number) => (repeated += records) };
    const { topics } = await drive(operators, [mark('up'), frame(1, two), frame(2, two), CRASH, frame(3, two)], {
      crash: 'kept',
      observer,
    });
    expect(topics.tracks.map(({ id }) => id)).toEqual(['dock-1/1/0', 'dock-1/1/1', 'dock-1/1/2', 'dock-1/1/3']);
    expect(repeated).toBe(3);
  });

  it('loses none of several records that stand at one place', async () => {
    const undisturbed = await drive([seconds], [frame(0, two), gap(1, 35), frame(36, two)]);
    expect(undisturbed.topics.tracks.map(({ id }) => id).filter((id) => id.startsWith('dock-1/1/35/'))).toHaveLength(3);
    for (const crash of ['lost', 'kept'] as const) {
      const crashed = await drive([seconds], [frame(0, two), gap(1, 35), CRASH, frame(36, two)], { crash });
      expect(crashed.topics).toEqual(undisturbed.topics);
    }
  });
});

describe('another owner', () => {
  it('goes on where the state stands, and the former one is refused and emits nothing more', async () => {
    const { ends, topics } = await drive(operators, [
      mark('up'),
      frame(1, two),
      tick(500),
      TAKEOVER,
      tick(500),
      frame(2, two),
      tick(500),
      frame(3, two),
    ]);
    expect(ends.map((end) => (end.state === 'failed' ? end.error : end.state))).toEqual([
      expect.objectContaining({ code: 'STATE_STALE_OWNER' }),
      'closed',
    ]);
    expect(topics.tracks.filter(({ id }) => id === 'dock-1/1/3')).toHaveLength(1);
  });

  it('and the former one, writing both for a while, say the same: a reader drops what came twice', async () => {
    const undisturbed = await drive(operators, [mark('up'), frame(1, two), frame(2, two), tick(500), frame(3, two)]);
    const doubled = await drive(operators, [mark('up'), frame(1, two), TAKEOVER, frame(2, two), tick(500), frame(3, two)]);
    expect(doubled.topics.tracks.length).toBeGreaterThan(undisturbed.topics.tracks.length);
    expect(firstOfEachPlace(doubled.topics.tracks)).toEqual(undisturbed.topics.tracks);
    expect(doubled.tables['totals']).toEqual(undisturbed.tables['totals']);
  });

  const stalled: readonly Step[] = [
    [mark('up'), mark('up', 0, other)],
    frame(1, two),
    STALL,
    [frame(2, two), frame(1, two, other)],
    tick(500),
    REVIVE,
    frame(2, two, other),
    tick(500),
    CRASH,
    [frame(3, two), frame(3, two, other)],
  ];

  it('is not disturbed by one that stood still and saves late', async () => {
    const { topics, ends } = await drive(operators, stalled);
    expect(numbersOf(firstOfEachPlace(topics.tracks))).toEqual([0, 1, 2, 3, 4, 5]);
    expect(topics.tracks.filter(({ type }) => type === 'gap')).toEqual([]);
    expect(ends).toHaveLength(1);
  });

  it('would be disturbed without the fence (negative control)', async () => {
    const { tables } = await drive(operators, stalled, { fenced: false });
    const fenced = await drive(operators, stalled);
    expect(tables['totals']).not.toEqual(fenced.tables['totals']);
  });
});
