import type { KafkaLog, KafkaLogOptions } from './kafka/kafka-log.ts';

export type { KafkaLog, KafkaLogOptions };

/** Opens the log in Kafka (see KafkaLog.open), loading what it takes only now. */
export async function openKafkaLog(options: KafkaLogOptions): Promise<KafkaLog> {
  const { KafkaLog } = await import('./kafka/kafka-log.ts');
  return KafkaLog.open(options);
}
