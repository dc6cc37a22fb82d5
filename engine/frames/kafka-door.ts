import type { FrameSinks, FrameSinksOptions, FrameSourceOptions, KafkaFrameSource } from './kafka-frames.ts';
import type { KafkaViewsOptions, ViewReceiver, ViewReceiverOptions, ViewSender } from './kafka-views.ts';

/**
 * Opens the connecting end of the frame bus over Kafka, loading what it takes only now. Makes the topics that are missing.
 * @throws OcelliError CONFIG_INVALID (a raw frame is too large), LOG_UNAVAILABLE, LOG_REFUSED, LOG_TOPIC_DIFFERS
 */
export async function openFrameSinks(options: FrameSinksOptions): Promise<FrameSinks> {
  const { KafkaFrameSinks } = await import('./kafka/kafka-frame-sinks.ts');
  return KafkaFrameSinks.open(options);
}

/**
 * Opens the detecting end: one more member of the group `<prefix>detect`, which gets its share of the partitions.
 * @throws OcelliError LOG_UNAVAILABLE, LOG_REFUSED, LOG_TOPIC_DIFFERS
 */
export async function openFrameSource(options: FrameSourceOptions): Promise<KafkaFrameSource> {
  const { GroupFrameSource } = await import('./kafka/group-frame-source.ts');
  return GroupFrameSource.open(options);
}

/** Opens the sending end of pictures for people. @throws as `openFrameSource` */
export async function openViewSender(options: KafkaViewsOptions): Promise<ViewSender> {
  const { KafkaViewSender } = await import('./kafka/kafka-view-sender.ts');
  return KafkaViewSender.open(options);
}

/** Opens the receiving end of pictures for people. @throws as `openFrameSource` */
export async function openViewReceiver(options: ViewReceiverOptions): Promise<ViewReceiver> {
  const { KafkaViewReceiver } = await import('./kafka/kafka-view-receiver.ts');
  return KafkaViewReceiver.open(options);
}
