import type { RecordOf, Topic } from '../records/topic.ts';
import type { Entry, Position, ReadRequest, ReadResult } from './log.ts';
import type { RecordRow } from './record-row.ts';

export interface RecentLimits {
  readonly records: number;
  /** Of their JSON. */
  readonly bytes: number;
}

/**
 * The newest committed records of a topic, in memory as they were appended, so that following the end of the log costs neither SQL nor
 * JSON. Positions are contiguous, so a record is found by subtraction.
 */
export class RecentRecords {
  private readonly limits: RecentLimits;
  private rows: RecordRow[] = [];
  /** Rows before it are let go of; they are cut off when they are half of the array, so that letting go costs O(1). */
  private head = 0;
  private bytes = 0;
  private last: Position;

  constructor(end: Position, limits: RecentLimits) {
    this.last = end;
    this.limits = limits;
  }

  /** The position that the next record gets. */
  get end(): Position {
    return this.last;
  }

  /** The first position that is in memory; the end if none is. */
  get start(): Position {
    return this.end - (this.rows.length - this.head);
  }

  push(rows: readonly RecordRow[]): void {
    for (const row of rows) {
      this.rows.push(row);
      this.bytes += row.body.length;
    }
    this.last += rows.length;
    this.letGo();
  }

  /** Lets go of what lies before a position, which retention has taken. */
  forgetBefore(position: Position): void {
    while (this.start < position && this.head < this.rows.length) this.letGoOfFirst();
    this.cutOff();
  }

  /** What `LogReader.read` answers, or undefined when that begins before what is in memory. */
  read<T extends Topic>({ from, limit, camera }: ReadRequest): ReadResult<T> | undefined {
    if (from < this.start) return undefined;
    const entries: Entry<T>[] = [];
    let next = from;
    for (let index = this.rows.length - (this.end - from); index < this.rows.length && entries.length < limit; index++, next++) {
      const record = this.rows[index]?.record;
      if (record !== undefined && (camera === undefined || record.camera === camera)) {
        entries.push({ position: next, record: record as RecordOf<T> });
      }
    }
    return { entries, next };
  }

  private letGo(): void {
    while (this.rows.length - this.head > this.limits.records || this.bytes > this.limits.bytes) this.letGoOfFirst();
    this.cutOff();
  }

  private letGoOfFirst(): void {
    this.bytes -= this.rows[this.head]?.body.length ?? 0;
    this.head++;
  }

  private cutOff(): void {
    if (this.head * 2 < this.rows.length) return;
    this.rows = this.rows.slice(this.head);
    this.head = 0;
  }
}
