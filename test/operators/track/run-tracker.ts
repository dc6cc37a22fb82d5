import type { DetectedObject, StreamRecord, TrackedObject, TracksRecord } from '../../../engine/records/record.ts';
import type { RecordOf } from '../../../engine/records/topic.ts';
import { createTrackOperator, type TrackerState, type TrackSettings } from '../../../operators/track/index.ts';
import { detected, mark } from '../../records.ts';

export type Input = RecordOf<'detections'>;
export type Output = RecordOf<'tracks'>;

/** Runs records through a tracker, from a given state or a fresh one, which changes in place. */
export function runTracker(records: readonly Input[], state: TrackerState = createTrackOperator().initial('dock-1')): Output[] {
  const operator = createTrackOperator();
  const emitted: Output[] = [];
  const out = { place: { session: 1, seq: 0 }, emit: (_: 'tracks', record: Output) => void emitted.push(record), wakeAt() {}, table() {} };
  for (const record of records) operator.process(record, state, out);
  return emitted;
}

/** The objects of the last record that tells of a frame. */
export function lastObjects(records: readonly StreamRecord[]): TrackedObject[] {
  const last = records.findLast((record): record is TracksRecord => record.type === 'tracks');
  if (last === undefined) throw new Error('No tracks record among the output.');
  return last.objects;
}

/** `number state` of each object of the last frame: "1 confirmed". */
export function lastStates(records: readonly StreamRecord[]): string[] {
  return lastObjects(records).map(({ track, state }) => `${track.split('/')[2]} ${state}`);
}

/** A parcel with its left edge at `x`, a tenth of the picture wide, 0.2 high, sure unless told otherwise. */
export function parcel(x: number, score = 0.9, label = 'parcel', y = 0.4): DetectedObject {
  return detected(label, { score, box: [x, y, 0.1, 0.2] });
}

export function settings(seq: number, track: Partial<TrackSettings>): Input {
  return mark('settings', seq, { hash: 'h', settings: { track } });
}
