import { z } from 'zod';
import { alertRecord, deadLetterRecord, detectionsRecord, gapRecord, markRecord, tracksRecord } from './record.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** Every topic: what a record of it is, and for how long it is kept (by time of writing). */
export const TOPICS = {
  detections: { schema: z.discriminatedUnion('type', [detectionsRecord, gapRecord, markRecord]), keptMs: 3 * DAY_MS },
  tracks: { schema: z.discriminatedUnion('type', [tracksRecord, gapRecord, markRecord]), keptMs: 3 * DAY_MS },
  alerts: { schema: alertRecord, keptMs: 90 * DAY_MS },
  'dead-letters': { schema: deadLetterRecord, keptMs: 30 * DAY_MS },
} as const;

export type Topic = keyof typeof TOPICS;
export const TOPIC_NAMES = Object.keys(TOPICS) as readonly Topic[];

/** What one record of a topic is. */
export type RecordOf<T extends Topic> = T extends Topic ? z.infer<(typeof TOPICS)[T]['schema']> : never;
export type AnyRecord = RecordOf<Topic>;

export function isTopic(name: string): name is Topic {
  return Object.hasOwn(TOPICS, name);
}
