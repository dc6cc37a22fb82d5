import { recordId } from '../records/place.ts';
import type { GapReason, GapRecord } from '../records/record.ts';

const MINUTE_MS = 60_000;

/** A frame that nobody looked at, by its place and time. */
export interface Missed {
  readonly camera: string;
  readonly session: number;
  readonly seq: number;
  readonly time: number;
}

/** A gap of one frame. */
export function gapOf({ camera, session, seq, time }: Missed, reason: GapReason): GapRecord {
  return { v: 1, type: 'gap', id: recordId(camera, { session, seq }), camera, session, from: seq, to: seq, time, until: time, reason };
}

/**
 * Two gaps as one, or `undefined` where they must stay apart: other session or reason, places in between, or a full minute of event
 * time between them, since each gap lies in one window.
 */
export function joinGaps(first: GapRecord, second: GapRecord): GapRecord | undefined {
  const adjacent = first.session === second.session && first.to + 1 === second.from && first.reason === second.reason;
  if (!adjacent || Math.floor(first.time / MINUTE_MS) !== Math.floor(second.until / MINUTE_MS)) return undefined;
  return { ...first, to: second.to, until: second.until };
}
