import { describe, expect, it } from 'vitest';
import { TOPICS } from '../../../engine/records/topic.ts';
import { frame, mark, timeOf } from '../../records.ts';
import { lastObjects, lastStates, parcel, runTracker, settings } from './run-tracker.ts';

/** A parcel that goes from left to right, 0.01 a frame, in frames `from` to `to`. */
function movingParcel(from: number, to: number) {
  return Array.from({ length: to - from + 1 }, (_, i) => frame(from + i, [parcel(0.1 + 0.01 * (from + i))]));
}

describe('a tracks record', () => {
  it('is the detections record with tracks on its objects', () => {
    const [tracks] = runTracker([frame(7, [parcel(0.1)], { picture: { brightness: 100 } })]);
    expect(tracks).toEqual({
      ...frame(7, [], { picture: { brightness: 100 } }),
      type: 'tracks',
      objects: [{ ...parcel(0.1), track: 'dock-1/1/1', state: 'tentative', since: timeOf(7) }],
    });
  });

  it('holds for an object the box and score of this frame, and since when it is followed', () => {
    const tracks = runTracker([frame(0, [parcel(0.1, 0.9)]), frame(1, [parcel(0.11, 0.7)])]);
    expect(lastObjects(tracks)).toEqual([{ ...parcel(0.11, 0.7), track: 'dock-1/1/1', state: 'confirmed', since: timeOf(0) }]);
  });

  it('names objects seen in the order of the detections, then coasting ones from the oldest', () => {
    const [a, b, c, d] = [0.1, 0.3, 0.5, 0.7].map((x) => parcel(x));
    const tracks = runTracker([frame(0, [a, b, c, d]), frame(1, [a, b, c, d]), frame(2, [d, b])]);
    expect(lastStates(tracks)).toEqual(['4 confirmed', '2 confirmed', '1 coasting', '3 coasting']);
  });

  it('leaves out detections that belong to no track: they stand in the detections record', () => {
    expect(lastObjects(runTracker([frame(0, [parcel(0.1, 0.3)])]))).toEqual([]);
  });

  it('leaves out boxes without an area', () => {
    const flat = { ...parcel(0.1), box: [0.1, 0.1, 0, 0.2] as [number, number, number, number] };
    expect(lastObjects(runTracker([frame(0, [flat]), frame(1, [flat])]))).toEqual([]);
  });

  it('is a valid record, whatever its objects do', () => {
    const records = [...movingParcel(0, 3), frame(4), frame(5), mark('heartbeat', 6), frame(7, [parcel(0.18)])];
    for (const record of runTracker(records)) expect(TOPICS.tracks.schema.parse(record)).toEqual(record);
  });
});

describe('a track', () => {
  it('begins tentative and is confirmed at its second sighting', () => {
    expect(lastStates(runTracker(movingParcel(0, 0)))).toEqual(['1 tentative']);
    expect(lastStates(runTracker(movingParcel(0, 1)))).toEqual(['1 confirmed']);
  });

  it('is confirmed at as many sightings as the settings say', () => {
    expect(lastStates(runTracker([settings(0, { confirmSightings: 1 }), frame(1, [parcel(0.1)])]))).toEqual(['1 confirmed']);
    const slow = settings(0, { confirmSightings: 4 });
    expect(lastStates(runTracker([slow, ...movingParcel(1, 3)]))).toEqual(['1 tentative']);
    expect(lastStates(runTracker([slow, ...movingParcel(1, 4)]))).toEqual(['1 confirmed']);
  });

  it('is not begun by a faint detection, but carried on by one', () => {
    const faint = (seq: number) => frame(seq, [parcel(0.1 + 0.01 * seq, 0.2)]);
    expect(lastStates(runTracker([faint(0), faint(1)]))).toEqual([]);
    expect(lastStates(runTracker([...movingParcel(0, 2), faint(3), faint(4)]))).toEqual(['1 confirmed']);
  });

  it('is begun from `startScore` on, where it is set', () => {
    expect(lastStates(runTracker([settings(0, { startScore: 0.8 }), frame(1, [parcel(0.1, 0.7), parcel(0.5, 0.8)])]))).toEqual([
      '1 tentative',
    ]);
  });

  it('coasts where its motion leads while it is not seen', () => {
    const [object] = lastObjects(runTracker([...movingParcel(0, 20), frame(21), frame(22), frame(23)]));
    expect(object).toMatchObject({ track: 'dock-1/1/1', state: 'coasting', score: 0, since: timeOf(0) });
    expect(object.box[0]).toBeCloseTo(0.33, 2);
    expect(object.box.slice(1)).toEqual([0.4, 0.1, 0.2].map((value) => expect.closeTo(value, 4)));
  });

  it('keeps its size while it coasts, though it shrank behind what hid it', () => {
    const shrinking = [0.1, 0.1, 0.095, 0.09, 0.085, 0.08].map((width, i) =>
      frame(i, [{ ...parcel(0.4), box: [0.4, 0.4, width, 0.2] as [number, number, number, number] }]),
    );
    const widths = [6, 9].map((last) => {
      const hidden = Array.from({ length: last - 5 }, (_, i) => frame(6 + i));
      return lastObjects(runTracker([...shrinking, ...hidden]))[0].box[2];
    });
    expect(widths[0]).toBeCloseTo(0.075, 3);
    expect(widths[1]).toBeCloseTo(widths[0], 4);
  });

  it('takes the surer of two boxes that lie on it alike', () => {
    const two = [parcel(0.405, 0.6), parcel(0.395, 0.95)];
    const tracks = runTracker([frame(0, [parcel(0.4)]), frame(1, [parcel(0.4)]), frame(2, two)]);
    expect(lastStates(tracks)).toEqual(['2 tentative', '1 confirmed']);
    const nearer = [parcel(0.4, 0.6), parcel(0.41, 0.95)];
    const alone = runTracker([settings(0, { fuseScore: false }), frame(1, [parcel(0.4)]), frame(2, [parcel(0.4)]), frame(3, nearer)]);
    expect(lastStates(alone)).toEqual(['1 confirmed', '2 tentative']);
  });

  it('keeps its own box when an older one ends in the same frame', () => {
    const both = Array.from({ length: 13 }, (_, i) => frame(i, [parcel(0.4 + 0.04 * i), parcel(0.1)]));
    const after = Array.from({ length: 4 }, (_, i) => runTracker([...both, ...Array.from({ length: i + 1 }, (_, k) => frame(13 + k))]));
    expect(after.map((tracks) => lastObjects(tracks).at(-1))).toEqual(
      after.map(() => expect.objectContaining({ track: 'dock-1/1/2', box: [0.1, 0.4, 0.1, 0.2] })),
    );
    expect(lastStates(after[3])).toEqual(['2 coasting']);
  });

  it('is found again after an occlusion by where it must be', () => {
    const hidden = [21, 22, 23, 24, 25, 26, 27].map((seq) => frame(seq));
    expect(lastStates(runTracker([...movingParcel(0, 20), ...hidden, ...movingParcel(28, 28)]))).toEqual(['1 confirmed']);
  });

  it('ends when it was not seen for `coastMs`', () => {
    const coasting = settings(0, { coastMs: 300 });
    expect(lastStates(runTracker([coasting, ...movingParcel(1, 5), frame(6), frame(7), frame(8)]))).toEqual(['1 coasting']);
    expect(lastStates(runTracker([coasting, ...movingParcel(1, 5), frame(6), frame(7), frame(8), frame(9)]))).toEqual([]);
  });

  it('ends when it has left the picture', () => {
    const leaving = Array.from({ length: 20 }, (_, i) => frame(i, [parcel(0.3 + 0.03 * i)]));
    expect(lastStates(runTracker([...leaving, frame(20)]))).toEqual(['1 coasting']);
    expect(lastStates(runTracker([...leaving, frame(20), frame(21), frame(22), frame(23), frame(24)]))).toEqual([]);
  });

  it('has a predicted box inside the picture, clipped at the border', () => {
    const leaving = Array.from({ length: 10 }, (_, i) => frame(i, [parcel(0.6 + 0.03 * i)]));
    const [{ box }] = lastObjects(runTracker([...leaving, frame(10), frame(11)]));
    expect(box[0]).toBeCloseTo(0.93, 2);
    expect(box[0] + box[2]).toBeCloseTo(1, 5);
  });

  it('that is tentative ends at a miss once `confirmMs` have passed, and shows only when seen', () => {
    const twice = [frame(0, [parcel(0.1)]), frame(1), frame(2, [parcel(0.1)])];
    expect(lastStates(runTracker(twice.slice(0, 2)))).toEqual([]);
    expect(lastStates(runTracker(twice))).toEqual(['1 confirmed']);
    const late = [frame(0, [parcel(0.1)]), frame(1), frame(2), frame(3), frame(4, [parcel(0.1)])];
    expect(lastStates(runTracker(late))).toEqual(['2 tentative']);
  });

  it('keeps its number when two cross, by the directions that they came from', () => {
    const crossing = Array.from({ length: 31 }, (_, i) =>
      frame(i, [parcel(0.1 + 0.02 * i, 0.9), parcel(0.7 - 0.02 * i, 0.9, 'parcel', 0.48)]),
    );
    const [right, left] = lastObjects(runTracker(crossing));
    expect([right.track, left.track]).toEqual(['dock-1/1/1', 'dock-1/1/2']);
  });

  it('is followed at one frame in two seconds, though that is beyond `coastMs`', () => {
    const slow = [0, 20, 40, 60].map((seq) => frame(seq, [parcel(0.1 + 0.001 * seq)]));
    expect(lastStates(runTracker(slow))).toEqual(['1 confirmed']);
  });

  it('is followed the same at any frame rate for the same motion in time', () => {
    const motion = (ms: number) => parcel(0.1 + ms * 0.0001);
    const ends = [1, 2, 5].map((every) => {
      const records = Array.from({ length: 40 / every + 1 }, (_, i) => frame(i * every, [motion(100 * i * every)]));
      return lastObjects(runTracker([...records, frame(43)]))[0].box[0];
    });
    for (const x of ends) expect(x).toBeCloseTo(0.1 + 4300 * 0.0001, 3);
  });
});

describe('the label of a track', () => {
  const seen = (seq: number, label: string, score: number) => frame(seq, [parcel(0.1, score, label)]);
  const labelAfter = (...records: ReturnType<typeof seen>[]) =>
    lastObjects(runTracker(records)).map(({ label, track }) => `${label} ${track}`);

  it('does not flicker with its detections, and the track stays one', () => {
    const flicker = Array.from({ length: 20 }, (_, i) => seen(i, i % 3 === 2 ? 'damaged-parcel' : 'parcel', 0.8));
    expect(labelAfter(...flicker)).toEqual(['parcel dock-1/1/1']);
  });

  it('follows a true change, however long it was another', () => {
    const damaged = Array.from({ length: 30 }, (_, i) => seen(200 + i, 'damaged-parcel', 0.8));
    expect(labelAfter(...Array.from({ length: 200 }, (_, i) => seen(i, 'parcel', 0.8)), ...damaged)).toEqual(['damaged-parcel dock-1/1/1']);
  });

  it('is decided by scores, not by counts', () => {
    const sure = [0, 1, 2].map((seq) => seen(seq, 'damaged-parcel', 0.55));
    expect(labelAfter(...sure, seen(3, 'parcel', 0.99), seen(4, 'parcel', 0.99), seen(5, 'parcel', 0.99))).toEqual(['parcel dock-1/1/1']);
    expect(labelAfter(...sure, seen(3, 'parcel', 0.55), seen(4, 'parcel', 0.55), seen(5, 'parcel', 0.55))).toEqual([
      'damaged-parcel dock-1/1/1',
    ]);
  });

  it('decides which of two overlapping detections belongs to it', () => {
    const tote = parcel(0.1, 0.9, 'tote', 0.41);
    const tracks = runTracker([frame(0, [tote]), frame(1, [parcel(0.1, 0.92, 'parcel', 0.41), parcel(0.1, 0.9, 'tote', 0.43)])]);
    expect(lastObjects(tracks).map(({ label, state }) => `${label} ${state}`)).toEqual(['parcel tentative', 'tote confirmed']);
  });

  it('never changes with a penalty of 1', () => {
    const tracks = runTracker([settings(0, { labelPenalty: 1 }), seen(1, 'parcel', 0.9), seen(2, 'tote', 0.9)]);
    expect(lastStates(tracks)).toEqual(['2 tentative']);
  });
});
