import { recordId } from '../engine/records/place.ts';
import type {
  DetectedObject,
  DetectionsRecord,
  GapReason,
  GapRecord,
  MarkRecord,
  TrackedObject,
  TracksRecord,
} from '../engine/records/record.ts';

/** Event time of place 0 of every session built here; the places follow every 100 ms, as from a camera at 10 fps. */
export const START_MS = 1_766_400_000_000;
export const FRAME_MS = 100;

/** Which camera and session a record belongs to, when it is not the usual one. */
export interface From {
  readonly camera?: string;
  readonly session?: number;
}

type Facts<R> = Partial<Omit<R, 'v' | 'type' | 'id' | 'seq' | 'from' | 'to'>>;

/** The event time of a place. */
export function timeOf(seq: number): number {
  return START_MS + seq * FRAME_MS;
}

/** A detected object: score 0.5, a tenth of the picture wide and high, unless told otherwise. */
export function detected(label = 'parcel', facts: Partial<DetectedObject> = {}): DetectedObject {
  return { label, score: 0.5, box: [0.4, 0.4, 0.1, 0.1], ...facts };
}

/** What the model saw in the frame at a place: nothing, unless told otherwise. */
export function frame(seq: number, objects: readonly DetectedObject[] = [], facts: Facts<DetectionsRecord> = {}): DetectionsRecord {
  return { ...look(seq), type: 'detections', objects: [...objects], ...facts, ...headOf(seq, facts) };
}

/** The tracks in the frame at a place. */
export function tracked(seq: number, objects: readonly TrackedObject[] = [], facts: Facts<TracksRecord> = {}): TracksRecord {
  return { ...look(seq), type: 'tracks', objects: [...objects], ...facts, ...headOf(seq, facts) };
}

/** Frames that nobody looked at. */
export function gap(from: number, to: number, reason: GapReason = 'stale', facts: Facts<GapRecord> = {}): GapRecord {
  return { type: 'gap', from, to, time: timeOf(from), until: timeOf(to), reason, ...facts, ...headOf(from, facts) };
}

/** What happened to the stream, at a place (0 unless told otherwise, where a session begins). */
export function mark(kind: MarkRecord['mark'], seq = 0, facts: Facts<MarkRecord> = {}): MarkRecord {
  return { type: 'mark', mark: kind, seq, time: timeOf(seq), ...facts, ...headOf(seq, facts) };
}

function headOf(seq: number, { camera = 'dock-1', session = 1 }: From) {
  return { v: 1 as const, id: recordId(camera, { session, seq }), camera, session };
}

function look(seq: number) {
  return {
    seq,
    time: timeOf(seq),
    clock: 'arrival' as const,
    image: { width: 1920, height: 1080 },
    model: { name: 'parcels', version: '1', sha256: '0'.repeat(64), dataset: 'parcels-test', settings: 'none' },
    timing: { decoded: 4, waited: 1, inferred: 20 },
  };
}
