import type { Box, DetectionsRecord, TrackedObject, TrackState, TracksRecord } from '../../engine/records/record.ts';
import type { ByteTrack } from './byte-track.ts';
import { COASTING, CONFIRMED } from './track-table.ts';
import type { TrackerState } from './tracker-state.ts';

const BOX_STEPS = 1e5;

/**
 * The record of a frame after `ByteTrack.follow`: first the objects that were seen, in the order of the detections and with their boxes
 * and scores, then the coasting ones, oldest first, with predicted boxes and score 0 (nothing in this frame speaks for them).
 */
export function tracksRecord(record: DetectionsRecord, state: TrackerState, result: ByteTrack): TracksRecord {
  const objects: TrackedObject[] = [];
  addSeen(objects, record, state, result);
  addCoasting(objects, state, result);
  return { ...record, type: 'tracks', objects };
}

function addSeen(objects: TrackedObject[], record: DetectionsRecord, state: TrackerState, result: ByteTrack): void {
  for (let d = 0; d < record.objects.length; d++) {
    const row = result.rowOf[d];
    if (row < 0) continue;
    const phase = state.table.phase[row] === CONFIRMED ? 'confirmed' : 'tentative';
    const { score, box } = record.objects[d];
    objects.push(trackedObject(state, row, phase, score, box));
  }
}

function addCoasting(objects: TrackedObject[], state: TrackerState, result: ByteTrack): void {
  for (let row = 0; row < state.table.count; row++) {
    if (state.table.phase[row] !== COASTING) continue;
    objects.push(trackedObject(state, row, 'coasting', 0, clippedBox(result.boxes, 4 * row, state.aspect)));
  }
}

function trackedObject({ camera, session, labels, table }: TrackerState, row: number, phase: TrackState, score: number, box: Box) {
  const label = labels[table.label[row]];
  return { label, score, box, track: `${camera}/${session}/${table.number[row]}`, state: phase, since: table.since[row] };
}

/** From left, top, right, bottom in heights of the picture to x, y, width, height in 0…1, rounded as detections are. */
function clippedBox(boxes: Float64Array, at: number, aspect: number): Box {
  const left = share(boxes[at] / aspect);
  const top = share(boxes[at + 1]);
  const right = share(boxes[at + 2] / aspect);
  const bottom = share(boxes[at + 3]);
  return [left, top, rounded(right - left), rounded(bottom - top)];
}

function share(value: number): number {
  return rounded(Math.min(1, Math.max(0, value)));
}

function rounded(value: number): number {
  return Math.round(value * BOX_STEPS) / BOX_STEPS;
}
