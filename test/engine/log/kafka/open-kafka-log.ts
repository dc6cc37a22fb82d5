import { randomUUID } from 'node:crypto';
import { type Admin, Kafka } from 'kafkajs';
import { KafkaLog, type KafkaLogOptions } from '../../../../engine/log/kafka/kafka-log.ts';
import type { KafkaSettings } from '../../../../engine/log/kafka/kafka-settings.ts';
import { MemoryPartitionTable } from './memory-partition-table.ts';

/** Settings for a log of its own on a broker: nobody else uses the prefix. */
export function ownTopics(address: string, settings: Partial<KafkaSettings> = {}): KafkaSettings {
  return { brokers: [address], prefix: `test-${randomUUID().slice(0, 8)}.`, partitions: 2, replicas: 1, ...settings };
}

export function openKafkaLog(settings: KafkaSettings, options: Partial<KafkaLogOptions> = {}): Promise<KafkaLog> {
  return KafkaLog.open({ settings, table: new MemoryPartitionTable(), ...options });
}

/** For what tests do to topics behind a log's back. */
export async function administer<T>(address: string, work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = new Kafka({ brokers: [address], logLevel: 0 }).admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

const TOPIC = 2;

/** Gives a topic one setting instead of all it had, and waits until the broker has taken it up. */
export async function setTopic(address: string, topic: string, name: string, value: string): Promise<void> {
  await administer(address, async (admin) => {
    await admin.alterConfigs({ validateOnly: false, resources: [{ type: TOPIC, name: topic, configEntries: [{ name, value }] }] });
    for (let found = ''; found !== value; ) {
      const { resources } = await admin.describeConfigs({
        includeSynonyms: false,
        resources: [{ type: TOPIC, name: topic, configNames: [name] }],
      });
      found = resources[0]?.configEntries[0]?.configValue ?? '';
    }
  });
}
