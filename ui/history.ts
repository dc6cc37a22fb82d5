import type { GapReason, MarkRecord } from '../engine/records/record.ts';

/** One second of event time of a camera. */
export interface HistorySecond {
  /** When it began, milliseconds since 1970. */
  readonly time: number;
  /** Frames that were looked at, the objects seen in all of them together, and frames that were not looked at, by reason. */
  readonly frames: number;
  readonly objects: number;
  readonly gaps: Readonly<Partial<Record<GapReason, number>>>;
}

export type HistoryMark = Pick<MarkRecord, 'mark' | 'time' | 'cause' | 'detail'>;

/** What `GET /api/cameras/{id}/history` answers: at most the last ten minutes, and nothing from before the server was started. */
export interface CameraHistoryAnswer {
  readonly camera: string;
  readonly seconds: readonly HistorySecond[];
  readonly marks: readonly HistoryMark[];
}
