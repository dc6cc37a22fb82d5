import { TOPIC_NAMES, TOPICS, type Topic } from '../../records/topic.ts';
import { type KafkaSettings, MAX_BATCH_BYTES } from './kafka-settings.ts';

/** A topic as it should be on the broker. */
export interface PlannedTopic {
  readonly name: string;
  readonly config: Readonly<Record<string, string>>;
}

const MINUTE_MS = 60_000;
/** A batch must fit into a segment. */
const SMALLEST_SEGMENT_BYTES = 2 * MAX_BATCH_BYTES;
/** Retention gives whole segments up, so that many share the time or the bytes of a topic. */
const SEGMENTS = 12;

/** The topic that keeps, beside the records and for longer than them, how far each camera reaches: see partition-progress.ts. */
export function progressTopic({ prefix }: Pick<KafkaSettings, 'prefix'>): string {
  return `${prefix}progress`;
}

/** The name on the broker of a topic of records, or of the frame bus. */
export function kafkaTopic({ prefix }: Pick<KafkaSettings, 'prefix'>, topic: Topic | 'frames' | 'views'): string {
  return `${prefix}${topic}`;
}

/** Every topic of a site. Retention counts from when a record was written, since a recording's own times may lie years back. */
export function planTopics(settings: KafkaSettings, partitions: number, replicas: number): PlannedTopic[] {
  const insync = { 'min.insync.replicas': String(replicas >= 3 ? 2 : 1) };
  const ofRecords = TOPIC_NAMES.map((topic) => ({
    name: kafkaTopic(settings, topic),
    config: { ...recordsConfig(TOPICS[topic].keptMs, settings.keepBytes, partitions), ...insync },
  }));
  return [...ofRecords, { name: progressTopic(settings), config: { ...PROGRESS_CONFIG, ...insync } }];
}

const PROGRESS_CONFIG = {
  'cleanup.policy': 'compact',
  // Read as a whole at the start: small segments, cleaned early.
  'segment.bytes': String(2 ** 20),
  'segment.ms': String(10 * MINUTE_MS),
  'min.cleanable.dirty.ratio': '0.1',
  'compression.type': 'producer',
};

/** Retention counts from when a record was written, since a recording's own times may lie years back. */
export function keptFor(keptMs: number): Record<string, string> {
  return {
    'cleanup.policy': 'delete',
    'message.timestamp.type': 'LogAppendTime',
    'compression.type': 'producer',
    'max.message.bytes': String(MAX_BATCH_BYTES),
    'retention.ms': String(keptMs),
  };
}

function recordsConfig(keptMs: number, keepBytes: number | undefined, partitions: number): Record<string, string> {
  return {
    ...keptFor(keptMs),
    'segment.ms': String(Math.round(keptMs / SEGMENTS)),
    ...(keepBytes === undefined ? { 'retention.bytes': '-1' } : sizeConfig(keepBytes / TOPIC_NAMES.length / partitions)),
  };
}

/** The newest segment is kept above the limit, so it is taken off beforehand. */
function sizeConfig(partitionBytes: number): Record<string, string> {
  const segmentBytes = Math.max(SMALLEST_SEGMENT_BYTES, Math.floor(partitionBytes / SEGMENTS));
  const retentionBytes = Math.max(segmentBytes, Math.floor(partitionBytes) - segmentBytes);
  return { 'segment.bytes': String(segmentBytes), 'retention.bytes': String(retentionBytes) };
}
