import { describe, expect, it } from 'vitest';
import { EventClock } from '../../../connectors/event-clock.ts';
import { OcelliError } from '../../../engine/errors.ts';
import type { GapReason } from '../../../engine/records/record.ts';
import { ManualClock } from '../../manual-clock.ts';
import { frame, gap, mark } from '../../records.ts';
import { type Input, lastObjects, lastStates, parcel, runTracker, settings } from './run-tracker.ts';

const BLIND: readonly GapReason[] = ['stale', 'overload', 'failed', 'lost', 'broker', 'decode', 'skipped'];

/** A parcel that goes from left to right, 0.01 a frame, in frames 0 to 10: confirmed, its speed known. */
const followed: readonly Input[] = Array.from({ length: 11 }, (_, i) => frame(i, [parcel(0.1 + 0.01 * i)]));

describe('gaps and marks', () => {
  it('are passed on unchanged', () => {
    const records = [mark('up'), gap(1, 3, 'stale'), gap(4, 9, 'still'), mark('heartbeat', 10), mark('down', 11, { cause: 'timeout' })];
    expect(runTracker(records)).toEqual(records);
  });
});

describe.each(BLIND)('a gap of reason %s', (reason) => {
  it('is a longer step: a moving object is expected further on', () => {
    expect(lastStates(runTracker([...followed, gap(11, 18, reason), frame(19, [parcel(0.29)])]))).toEqual(['1 confirmed']);
    const { box } = lastObjects(runTracker([...followed, gap(11, 15, reason), frame(16)]))[0];
    expect(box[0]).toBeCloseTo(0.26, 2);
  });

  it('ends the tracks when it is longer than `coastMs`', () => {
    expect(lastStates(runTracker([...followed, gap(11, 20, reason), frame(21, [parcel(0.2)])]))).toEqual(['2 tentative']);
  });
});

describe('a gap of reason still', () => {
  it('stops the clock: everything is where it was, for however long', () => {
    expect(lastStates(runTracker([...followed, gap(11, 5000, 'still'), frame(5001, [parcel(0.21)])]))).toEqual(['1 confirmed']);
  });

  it('gives the same tracks as if the still frames had never been', () => {
    const shortened = lastObjects(runTracker([...followed, frame(11), frame(12)]));
    const still = lastObjects(runTracker([...followed, frame(11), gap(12, 611, 'still'), frame(612)]));
    expect(still).toEqual(shortened);
  });

  it('stops the time of a coasting track too', () => {
    const hidden = [...followed, frame(11), frame(12)];
    expect(lastStates(runTracker([...hidden, gap(13, 600, 'still'), frame(601)]))).toEqual(['1 coasting']);
  });

  it('stops the clock for its own time only, not for the blind time beside it', () => {
    const records = [...followed, gap(11, 15, 'stale'), gap(16, 400, 'still'), gap(401, 407, 'stale'), frame(408, [parcel(0.3)])];
    expect(lastStates(runTracker(records))).toEqual(['2 tentative']);
  });
});

describe.each(['up', 'down', 'end'] as const)('a mark %s', (kind) => {
  it('ends all tracks, and numbers go on', () => {
    const tracks = runTracker([...followed, mark(kind, 11), frame(12, [parcel(0.22)])]);
    expect(lastObjects(tracks).map(({ track }) => track)).toEqual(['dock-1/1/2']);
  });
});

describe('a new session', () => {
  it('ends all tracks even where its `up` was lost, and its number stands in the id', () => {
    const tracks = runTracker([...followed, frame(0, [parcel(0.21)], { session: 2, time: followed[10].time + 100 })]);
    expect(lastObjects(tracks).map(({ track }) => track)).toEqual(['dock-1/2/2']);
  });
});

describe('a heartbeat', () => {
  it('changes nothing', () => {
    const next = frame(12, [parcel(0.22)]);
    expect(runTracker([...followed, mark('heartbeat', 11), next]).at(-1)).toEqual(runTracker([...followed, next]).at(-1));
  });
});

describe('a clock mark', () => {
  it('takes a leap of the clock out of the elapsed time', () => {
    const leapt = { time: followed[10].time + 3_600_100 };
    const clock = mark('clock', 11, { correctionMs: 3_600_000, time: leapt.time });
    expect(lastStates(runTracker([...followed, clock, frame(12, [parcel(0.21)], leapt)]))).toEqual(['1 confirmed']);
  });

  it('never makes the clock of the tracker run backwards', () => {
    const clock = mark('clock', 11, { correctionMs: 3_600_000 });
    const hidden = Array.from({ length: 9 }, (_, i) => frame(13 + i));
    expect(lastStates(runTracker([...followed, clock, frame(12, [parcel(0.22)]), ...hidden]))).toEqual(['1 coasting']);
    expect(lastStates(runTracker([...followed, clock, frame(12, [parcel(0.22)]), ...hidden, frame(22), frame(23)]))).toEqual([]);
  });
});

describe('a clock of the machine that is set', () => {
  /** A parcel that goes on for 30 frames, as a live camera tells it; before frame 15 the clock is set and some frames are missed. */
  function watch(sets: readonly [atFrame: number, byMs: number][], missedMs = 0): Input[] {
    const clock = new ManualClock();
    const events = new EventClock(clock);
    events.open(0);
    let seq = 0;
    return Array.from({ length: 30 }, (_, index) => index).flatMap((index) => {
      clock.advance(100 + (index === 15 ? missedMs : 0));
      for (const [at, byMs] of sets) if (at === index) clock.set(clock.now() + byMs);
      const [last, correctionMs, time] = [events.now(), events.correction(), events.now()];
      const missed = index === 15 && missedMs > 0 ? [gap(seq, seq++, 'stale', { time: last - missedMs, until: last })] : [];
      const told = correctionMs === 0 ? [] : [mark('clock', seq++, { time, correctionMs })];
      return [...missed, ...told, frame(seq++, [parcel(0.1 + 0.01 * index)], { time })];
    });
  }

  it.each<[string, [number, number][]]>([
    ['forward', [[15, 3_600_000]]],
    ['back', [[15, -3_600_000]]],
    [
      'back and right again',
      [
        [5, -3_600_000],
        [15, 3_600_000],
      ],
    ],
  ])('%s disturbs no track', (_name, sets) => {
    expect(lastObjects(runTracker(watch(sets)))).toEqual([expect.objectContaining({ track: 'dock-1/1/1', state: 'confirmed' })]);
    expect(lastObjects(runTracker(watch(sets)))[0]?.box).toEqual(lastObjects(runTracker(watch([])))[0]?.box);
  });

  it('back and right again does not hide how long nobody looked', () => {
    const blindMs = 5000;
    expect(lastStates(runTracker(watch([], blindMs)))).toEqual(['2 confirmed']);
    expect(
      lastStates(
        runTracker(
          watch(
            [
              [5, -3_600_000],
              [15, 3_600_000],
            ],
            blindMs,
          ),
        ),
      ),
    ).toEqual(['2 confirmed']);
  });
});

describe('a settings mark', () => {
  it('applies from there on, and leaves the tracks as they are', () => {
    const records = [...followed, settings(11, { highScore: 0.95 }), frame(12, [parcel(0.22), parcel(0.7)])];
    expect(lastStates(runTracker(records))).toEqual(['1 confirmed']);
  });

  it('without tracking settings means the defaults', () => {
    const records = [settings(0, { highScore: 0.95 }), mark('settings', 1, { settings: {} }), frame(2, [parcel(0.1)])];
    expect(lastStates(runTracker(records))).toEqual(['1 tentative']);
  });

  it('with wrong settings is refused with the field and what to do', () => {
    const wrong = mark('settings', 0, { settings: { track: { coastMs: -1 } } });
    expect(() => runTracker([wrong])).toThrow(OcelliError);
    expect(() => runTracker([wrong])).toThrow(/coastMs[\s\S]*Correct the settings/);
  });
});

describe('the picture', () => {
  it('may change its resolution: boxes are relative', () => {
    expect(lastStates(runTracker([...followed, frame(11, [parcel(0.21)], { image: { width: 640, height: 360 } })]))).toEqual([
      '1 confirmed',
    ]);
  });

  it('ends all tracks when its shape changes: the camera shows something else', () => {
    expect(lastStates(runTracker([...followed, frame(11, [parcel(0.21)], { image: { width: 640, height: 480 } })]))).toEqual([
      '2 tentative',
    ]);
  });
});
