import { comparePlaces, firstPlace, lastPlace, type Place, recordId } from './place.ts';
import type { GapRecord, StreamRecord } from './record.ts';

/** What a reader knows of a camera: the last place that it has taken, and the time of it. */
export interface Progress {
  readonly session: number;
  readonly seq: number;
  readonly time: number;
}

/** A stretch of places that no record covers: something was lost before it came here. */
export interface Hole {
  readonly session: number;
  readonly from: number;
  readonly to: number;
}

/** Anything at a moment; a gap goes on `until` another one. */
interface Timed {
  readonly time: number;
  readonly until?: number;
}

export interface Admission<R extends StreamRecord> {
  /** The record, with a gap cut to what is new; `undefined` when all of it is known already. */
  readonly record: R | undefined;
  readonly hole: Hole | undefined;
  readonly progress: Progress;
}

/**
 * The place rule: the first record that covers a place is the truth. Every reader keeps the last place of each camera and drops what is
 * not above it; a gap that begins below is cut, and begins at the last time known. Dropping by id, or by either border of a gap, is
 * wrong after a crash, when places come again inside gaps with other borders.
 */
export function admit<R extends StreamRecord>(record: R, before: Progress | undefined): Admission<R> {
  const last = lastPlace(record);
  if (before !== undefined && comparePlaces(last, before) <= 0) return { record: undefined, hole: undefined, progress: before };
  return { record: cutToNew(record, before), hole: holeBefore(record, before), progress: { ...last, time: endTime(record, before) } };
}

function cutToNew<R extends StreamRecord>(record: R, before: Progress | undefined): R {
  if (record.type !== 'gap' || before === undefined || comparePlaces(firstPlace(record), before) > 0) return record;
  const from = before.seq + 1;
  const id = recordId(record.camera, { session: record.session, seq: from });
  return { ...record, id, from, time: before.time, until: Math.max(record.until, before.time) };
}

function holeBefore(record: StreamRecord, before: Progress | undefined): Hole | undefined {
  const { session, seq } = firstPlace(record);
  const next = before !== undefined && before.session === session ? before.seq + 1 : 0;
  return seq > next ? { session, from: next, to: seq - 1 } : undefined;
}

/**
 * The gap that stands for a hole before `record`: from the last time known to the time of the record that showed it. Unlike other gaps it
 * may span minutes: nobody knows where in between its places lie.
 */
export function lostGap({ session, from, to }: Hole, record: StreamRecord, before: Progress | undefined): GapRecord {
  const { camera, time: shownAt } = record;
  const time = before?.time ?? shownAt;
  const id = recordId(camera, { session, seq: from });
  return { v: 1, type: 'gap', id, camera, session, from, to, time, until: Math.max(time, shownAt), reason: 'lost' };
}

/** The event time that a camera has reached behind a record: the end of a gap, the time of everything else, never less than before. */
export function endTime({ time, until = time }: Timed, before?: Pick<Progress, 'time'>): number {
  return Math.max(until, before?.time ?? 0);
}

/** The place rule for a stream of many cameras: remembers where each of them stands. */
export class PlaceRule {
  private readonly progress = new Map<string, Progress>();

  constructor(known: Iterable<readonly [camera: string, progress: Progress]> = []) {
    this.progress = new Map(known);
  }

  admit<R extends StreamRecord>(record: R): Admission<R> {
    const admission = admit(record, this.progress.get(record.camera));
    this.progress.set(record.camera, admission.progress);
    return admission;
  }

  last(camera: string): Progress | undefined {
    return this.progress.get(camera);
  }
}

/** Whether a camera that has come so far has taken this place already. */
export function covers(progress: Progress | undefined, place: Place): boolean {
  return progress !== undefined && comparePlaces(place, progress) <= 0;
}
