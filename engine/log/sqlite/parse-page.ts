import { OcelliError, sentenceOf } from '../../errors.ts';
import { parseRecord } from '../../records/parse-record.ts';
import type { Topic } from '../../records/topic.ts';
import type { Entry, ReadResult } from '../log.ts';
import type { Page, PageRow } from './read-topic.ts';

/**
 * Stored rows as records, checked by the topic's schema, since a file can be written by others. A record that cannot be parsed ends the
 * page before it; as the first one it throws RECORD_INVALID, so that the reader knows exactly what to step over.
 */
export function parsePage<T extends Topic>(topic: T, { rows, next }: Page): ReadResult<T> {
  const entries: Entry<T>[] = [];
  for (const row of rows) {
    try {
      entries.push({ position: row.position, record: parseRecord(topic, row.body) });
    } catch (error) {
      if (entries.length === 0) throw invalid(topic, row, error);
      return { entries, next: row.position };
    }
  }
  return { entries, next };
}

function invalid(topic: Topic, { position, body }: PageRow, cause: unknown): OcelliError {
  return new OcelliError(
    'RECORD_INVALID',
    `The record at position ${position} of topic ${topic} does not follow the topic's schema: ${sentenceOf(cause)}. Go on at ${position + 1}.`,
    { cause, topic, partition: 0, position, body },
  );
}
