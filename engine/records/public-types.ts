/** The records as programs outside see them. */
export type {
  AlertRecord,
  Box,
  DeadLetterRecord,
  DetectedObject,
  DetectionsRecord,
  GapReason,
  GapRecord,
  MarkRecord,
  Provenance,
  StreamRecord,
  TrackedObject,
  TrackState,
  TracksRecord,
} from './record.ts';
export type { RecordOf, Topic } from './topic.ts';
