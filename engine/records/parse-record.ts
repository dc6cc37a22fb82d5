import { type RecordOf, TOPICS, type Topic } from './topic.ts';

/**
 * A record out of its JSON, checked by the topic's schema. It comes back as it was written, its fields in their order: serialised again
 * it is the same text, whether it was kept in memory meanwhile or read from a disk or a broker.
 * @throws SyntaxError or ZodError
 */
export function parseRecord<T extends Topic>(topic: T, json: string): RecordOf<T> {
  const record: unknown = JSON.parse(json);
  // Only checked: what the schema gives back has its fields in the schema's order.
  TOPICS[topic].schema.parse(record);
  return record as RecordOf<T>;
}
