import { OcelliError, sentenceOf } from '../errors.ts';
import { parseRecord } from '../records/parse-record.ts';
import type { Topic } from '../records/topic.ts';
import type { Entry, Position, ReadResult } from './log.ts';

export interface PageRow {
  readonly position: Position;
  /** The record as JSON. */
  readonly body: string;
}

/** Records as they are stored, and where to go on. */
export interface Page {
  readonly rows: readonly PageRow[];
  readonly next: Position;
}

/**
 * Stored rows as records, checked by the topic's schema, since what is stored can be written by others. A record that cannot be parsed ends the
 * page before it; as the first one it throws RECORD_INVALID, so that the reader knows exactly what to step over.
 */
export function parsePage<T extends Topic>(topic: T, partition: number, { rows, next }: Page): ReadResult<T> {
  const entries: Entry<T>[] = [];
  for (const row of rows) {
    try {
      entries.push({ position: row.position, record: parseRecord(topic, row.body) });
    } catch (error) {
      if (entries.length === 0) throw invalid(topic, partition, row, error);
      return { entries, next: row.position };
    }
  }
  return { entries, next };
}

function invalid(topic: Topic, partition: number, { position, body }: PageRow, cause: unknown): OcelliError {
  return new OcelliError(
    'RECORD_INVALID',
    `The record at position ${position} of topic ${topic} does not follow the topic's schema: ${sentenceOf(cause)}. Go on at ${position + 1}.`,
    { cause, topic, partition, position, body },
  );
}
