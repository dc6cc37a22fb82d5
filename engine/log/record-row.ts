import { firstPlace, lastPlace } from '../records/place.ts';
import { endTime } from '../records/place-rule.ts';
import type { AnyRecord } from '../records/topic.ts';

/** A record as it is written: the columns that reads need, and the record itself as JSON, serialised once, here. */
export interface RecordRow {
  readonly record: AnyRecord;
  readonly session: number;
  readonly firstSeq: number;
  readonly lastSeq: number;
  /** Event time at which it begins and, for a gap, ends; the same for everything else. */
  readonly time: number;
  readonly until: number;
  readonly body: string;
}

export function toRow(record: AnyRecord): RecordRow {
  return {
    record,
    session: record.session,
    firstSeq: firstPlace(record).seq,
    lastSeq: lastPlace(record).seq,
    time: record.time,
    until: endTime(record),
    body: JSON.stringify(record),
  };
}
