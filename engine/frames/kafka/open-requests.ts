import { whereKafkaIs } from '../../log/kafka/kafka-settings.ts';
import type { KafkaClient } from '../../log/kafka/kafkajs-door.ts';
import { Requests } from '../../log/kafka/requests.ts';
import type { KafkaFramesOptions } from '../kafka-frames.ts';

/** A request is tried again for so long before Kafka is taken for away; then it is told, and tried again. */
const ANSWER_WITHIN_MS = 2_000;

/** Requests over connections of their own. */
export function openRequests(client: KafkaClient, { settings, clock }: Pick<KafkaFramesOptions, 'settings' | 'clock'>): Requests {
  return new Requests(client.newCluster(), { clock, where: whereKafkaIs(settings), withinMs: ANSWER_WITHIN_MS });
}
