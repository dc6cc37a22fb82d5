import { ensureTopics } from '../../log/kafka/ensure-topics.ts';
import { passingCause, unavailable } from '../../log/kafka/kafka-error.ts';
import { type KafkaSettings, whereKafkaIs } from '../../log/kafka/kafka-settings.ts';
import type { KafkaClient } from '../../log/kafka/kafkajs-door.ts';
import { kafkaTopic, keptFor, type PlannedTopic } from '../../log/kafka/topic-plan.ts';
import { tryAgain } from '../../log/kafka/try-again.ts';
import type { KafkaFramesOptions } from '../kafka-frames.ts';

type Site = Pick<KafkaFramesOptions, 'settings' | 'log' | 'clock'>;

const OPEN_WITHIN_MS = 15_000;
const MINUTE_MS = 60_000;
/** While no detect process runs, recordings wait with what they put; frames that are gone before one runs again are told as `lost`. */
const FRAMES_KEPT_MS = 30 * MINUTE_MS;
/** Whoever watches reads views as they come. */
const VIEWS_KEPT_MS = MINUTE_MS;
const SEGMENT_BYTES = 64 * 2 ** 20;

/**
 * Makes the topics that are missing, with as many partitions as the log has.
 * @throws OcelliError LOG_TOPIC_DIFFERS, LOG_REFUSED, LOG_UNAVAILABLE
 */
export async function ensureFrameTopics(client: KafkaClient, { settings, log, clock }: Site): Promise<void> {
  const where = whereKafkaIs(settings);
  const wanted = { ...settings, partitions: log.partitions };
  await tryAgain(clock, OPEN_WITHIN_MS, () => ensureTopics(client, wanted, { make: true, plan: planFrameTopics }), {
    onError: (error) => passingCause(error, where),
    spent: (cause, triedMs) => unavailable(cause, where, triedMs),
  });
}

function planFrameTopics(settings: KafkaSettings, _partitions: number, replicas: number): PlannedTopic[] {
  const insync = { 'min.insync.replicas': String(replicas >= 3 ? 2 : 1) };
  return [
    { name: kafkaTopic(settings, 'frames'), config: { ...config(FRAMES_KEPT_MS), ...insync } },
    { name: kafkaTopic(settings, 'views'), config: { ...config(VIEWS_KEPT_MS), ...insync } },
  ];
}

function config(keptMs: number): Record<string, string> {
  return { ...keptFor(keptMs), 'segment.ms': String(Math.max(MINUTE_MS, keptMs / 10)), 'segment.bytes': String(SEGMENT_BYTES) };
}
