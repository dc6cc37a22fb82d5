import { type Clock, pause } from '../../clock.ts';
import type { Topic } from '../../records/topic.ts';
import type { Connection } from '../../sqlite/connection.ts';
import type { Position } from '../log.ts';
import { checkpoint } from './checkpoint.ts';
import { readBounds } from './read-topic.ts';
import { type RetentionLimits, topicsOf } from './retention-limits.ts';
import { topicTable } from './topic-table.ts';

/** Each step holds the write lock for a few milliseconds; between two of them whoever appends gets it. */
const STEP_RECORDS = 200;
const STEP_PAGES = 128;
const PAUSE_MS = 5;
/** Free pages that stay in the file to be used again, instead of being cut off and asked for anew. */
const SPARE_BYTES = 16 * 2 ** 20;

export interface RetentionReport {
  readonly removed: number;
  /** Given back to the file system. */
  readonly freedBytes: number;
  readonly steps: number;
  /** How long all steps together held the write lock, and the longest of them. */
  readonly heldMs: number;
  readonly longestMs: number;
}

/**
 * Removes what is too old or too much, by the time of writing, in small steps with a pause after each, and a checkpoint whenever they
 * have filled the write-ahead log. `now`: milliseconds since 1970.
 * Records leave a topic from its start only, so one with a time of writing in the future (a clock was wrong) keeps those behind it until
 * the size limit comes to them.
 */
export async function retain(
  connection: Connection,
  limits: RetentionLimits,
  now: number,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<RetentionReport> {
  let report: RetentionReport = { removed: 0, freedBytes: 0, steps: 0, heldMs: 0, longestMs: 0 };
  while (!signal.aborted) {
    const began = clock.monotonic();
    const done = retentionStep(connection, limits, now);
    if (done === undefined) break;
    const heldMs = clock.monotonic() - began;
    report = {
      removed: report.removed + done.removed,
      freedBytes: report.freedBytes + done.freedBytes,
      steps: report.steps + 1,
      heldMs: report.heldMs + heldMs,
      longestMs: Math.max(report.longestMs, heldMs),
    };
    checkpoint(connection);
    await pause(clock, PAUSE_MS);
  }
  return report;
}

/** One step; undefined when there is nothing to do. */
export function retentionStep(
  connection: Connection,
  limits: RetentionLimits,
  now: number,
): Pick<RetentionReport, 'removed' | 'freedBytes'> | undefined {
  const removed = removeExpired(connection, limits, now) || removeBeyondSize(connection, limits);
  if (removed > 0) return { removed, freedBytes: 0 };
  const freedBytes = giveBack(connection, limits.maxBytes);
  return freedBytes > 0 ? { removed: 0, freedBytes } : undefined;
}

function removeExpired(connection: Connection, limits: RetentionLimits, now: number): number {
  const expired = oldestRecords(connection, limits).filter(({ topic, writtenAt }) => writtenAt < now - limits.keptMs[topic]);
  return removeFirst(connection, expired);
}

function removeBeyondSize(connection: Connection, limits: RetentionLimits): number {
  if (fileSize(connection).usedBytes <= limits.maxBytes - spareBytes(limits.maxBytes)) return 0;
  return removeFirst(connection, oldestRecords(connection, limits));
}

interface OldRecord {
  readonly topic: Topic;
  readonly position: Position;
  readonly writtenAt: number;
}

/** The records at the start of every topic, those written first before the others. */
function oldestRecords(connection: Connection, limits: RetentionLimits): OldRecord[] {
  return topicsOf(limits)
    .flatMap((topic) => {
      const sql = `SELECT position, written_at AS writtenAt FROM ${topicTable(topic)} WHERE position >= ? ORDER BY position LIMIT ?`;
      const rows = connection.all<Omit<OldRecord, 'topic'>>(sql, readBounds(connection, topic).start, STEP_RECORDS);
      return rows.map((row) => ({ topic, ...row }));
    })
    .sort((a, b) => a.writtenAt - b.writtenAt);
}

/** Removes the first of some records, as many as one step takes, and moves the start of their topics. */
function removeFirst(connection: Connection, records: readonly OldRecord[]): number {
  const removed = records.slice(0, STEP_RECORDS);
  if (removed.length === 0) return 0;
  const lastOf = new Map(removed.map(({ topic, position }) => [topic, position]));
  connection.transaction(() => {
    for (const [topic, last] of lastOf) {
      connection.run(`DELETE FROM ${topicTable(topic)} WHERE position <= ?`, last);
      connection.run('UPDATE topics SET first_position = ? WHERE topic = ?', last + 1, topic);
    }
  });
  return removed.length;
}

/** Cuts free pages off the file's end while there are more than are worth keeping. */
function giveBack(connection: Connection, maxBytes: number): number {
  const { freeBytes, fileBytes } = fileSize(connection);
  if (freeBytes <= spareBytes(maxBytes)) return 0;
  connection.transaction(() => connection.all(`PRAGMA incremental_vacuum(${STEP_PAGES})`));
  return fileBytes - fileSize(connection).fileBytes;
}

function spareBytes(maxBytes: number): number {
  return Math.min(SPARE_BYTES, maxBytes / 8);
}

function fileSize(connection: Connection): { readonly fileBytes: number; readonly usedBytes: number; readonly freeBytes: number } {
  const pageBytes = connection.number('PRAGMA page_size');
  const fileBytes = connection.number('PRAGMA page_count') * pageBytes;
  const freeBytes = connection.number('PRAGMA freelist_count') * pageBytes;
  return { fileBytes, freeBytes, usedBytes: fileBytes - freeBytes };
}
