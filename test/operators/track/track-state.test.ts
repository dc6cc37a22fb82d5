import { deserialize, serialize } from 'node:v8';
import { describe, expect, it } from 'vitest';
import { createTrackOperator, type TrackerState } from '../../../operators/track/index.ts';
import { frame } from '../../records.ts';
import { randomStream } from './random-stream.ts';
import { type Output, parcel, runTracker } from './run-tracker.ts';

/** Saved and brought back, as by a crash after each record. */
function restored(state: TrackerState): TrackerState {
  return deserialize(serialize(state));
}

function withRestores(stream: ReturnType<typeof randomStream>): Output[] {
  let state = createTrackOperator().initial('dock-1');
  return stream.flatMap((record) => {
    const emitted = runTracker([record], state);
    state = restored(state);
    return emitted;
  });
}

function allObjects(output: readonly Output[]) {
  return output.flatMap((record) => (record.type === 'tracks' ? record.objects : []));
}

describe('the tracker', () => {
  it('says the same to the byte for the same records', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const stream = randomStream(seed, 200);
      expect(JSON.stringify(runTracker(stream))).toBe(JSON.stringify(runTracker(structuredClone(stream))));
    }
  });

  it('says the same to the byte when its state is saved and brought back after every record', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const stream = randomStream(seed, 200);
      expect(JSON.stringify(withRestores(stream))).toBe(JSON.stringify(runTracker(stream)));
    }
  });

  it('keeps cameras apart that share one operator', () => {
    const operator = createTrackOperator();
    const [one, other] = [operator.initial('dock-1'), operator.initial('dock-1')];
    const mixed: Output[] = [];
    const sink = (into: Output[]) => ({
      place: { session: 1, seq: 0 },
      emit: (_: 'tracks', r: Output) => void into.push(r),
      wakeAt() {},
      table() {},
    });
    const disturbing = randomStream(99, 200);
    randomStream(5, 200).forEach((record, i) => {
      operator.process(record, one, sink(mixed));
      operator.process(disturbing[i], other, sink([]));
    });
    expect(JSON.stringify(mixed)).toBe(JSON.stringify(runTracker(randomStream(5, 200))));
  });

  it('changes no record that it is given', () => {
    const stream = randomStream(3, 200);
    const before = JSON.stringify(stream);
    runTracker(stream);
    expect(JSON.stringify(stream)).toBe(before);
  });
});

describe('its state', () => {
  it('is plain data that v8 brings back equal, at any size', () => {
    const state = createTrackOperator().initial('dock-1');
    const many = Array.from({ length: 200 }, (_, i) => parcel((i % 20) * 0.05, 0.9, 'parcel', Math.floor(i / 20) * 0.1));
    runTracker([frame(0, many), frame(1, many)], state);
    expect(state.table.count).toBe(200);
    expect(restored(state)).toEqual(state);
  });

  it('does not grow with the number of tracks that were', () => {
    const state = createTrackOperator().initial('dock-1');
    const sizes = [1, 2, 3].map((part) => {
      runTracker(randomStream(part, 1000), state);
      return serialize(state).byteLength;
    });
    expect(state.nextNumber).toBeGreaterThan(300);
    expect(Math.max(...sizes)).toBeLessThan(2 * Math.min(...sizes) + 8192);
  });
});

describe('the id of a track', () => {
  it('is never given to two objects, through gaps, marks, sessions and restarts', () => {
    for (let seed = 1; seed <= 30; seed++) {
      const objects = allObjects(withRestores(randomStream(seed, 300)));
      const numbers = new Set(objects.map(({ track }) => track.split('/')[2]));
      const births = new Set(objects.map(({ track, since }) => `${track} ${since}`));
      expect(numbers.size).toBeGreaterThan(20);
      expect(births.size).toBe(numbers.size);
    }
  });

  it('stands once in a record, and never comes back once it is gone', () => {
    for (let seed = 1; seed <= 30; seed++) {
      const gone = new Set<string>();
      let shown = new Set<string>();
      for (const record of runTracker(randomStream(seed, 300))) {
        if (record.type !== 'tracks') continue;
        const settled = record.objects.filter(({ state }) => state !== 'tentative').map(({ track }) => track);
        const now = new Set(settled);
        expect(new Set(record.objects.map(({ track }) => track)).size).toBe(record.objects.length);
        for (const id of shown.difference(now)) gone.add(id);
        expect([...now.intersection(gone)]).toEqual([]);
        shown = now;
      }
      expect(gone.size).toBeGreaterThan(10);
    }
  });
});
