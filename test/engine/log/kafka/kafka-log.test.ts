import { beforeAll, describe, expect, it } from 'vitest';
import { MAX_BATCH_BYTES } from '../../../../engine/log/kafka/kafka-settings.ts';
import { kafkaTopic } from '../../../../engine/log/kafka/topic-plan.ts';
import { sharedBroker } from '../../../brokers/kafka/shared-broker.ts';
import { has } from '../../../requirements.ts';
import { type LogHarness, logSuite } from '../../../suites/log.suite.ts';
import { MemoryPartitionTable } from './memory-partition-table.ts';
import { administer, openKafkaLog, ownTopics, setTopic } from './open-kafka-log.ts';

/** A busy machine takes its time; the limit is no bound on speed. */
const START_WITHIN_MS = 120_000;
const CAMERAS = Array.from({ length: 1_000 }, (_, n) => `dock-${n}`);

async function open(): Promise<LogHarness> {
  const address = await sharedBroker();
  const settings = ownTopics(address, { partitions: 1 });
  const topic = kafkaTopic(settings, 'detections');
  const options = { table: new MemoryPartitionTable(), answerWithinMs: 3_000 };
  const opened = async () => {
    const log = await openKafkaLog(settings, options);
    await log.assign(CAMERAS);
    return log;
  };
  let log = await opened();
  const limitBatches = (bytes: number) => setTopic(address, topic, 'max.message.bytes', String(bytes));
  return {
    get log() {
      return log;
    },
    noRoom: 'LOG_TOO_LARGE',
    async reopen() {
      await log.close();
      log = await opened();
    },
    // The broker refuses what is larger than a topic allows: the one refusal that it can be asked for.
    fill: () => limitBatches(100),
    makeRoom: () => limitBatches(MAX_BATCH_BYTES),
    async expireAll() {
      await administer(address, async (admin) => {
        const ends = await admin.fetchTopicOffsets(topic);
        await admin.deleteTopicRecords({
          topic,
          partitions: ends.filter(({ high }) => high !== '0').map(({ partition, high }) => ({ partition, offset: high })),
        });
      });
    },
    close: () => log.close(),
  };
}

describe.skipIf(!has('kafka'))('on a real broker', () => {
  beforeAll(async () => void (await sharedBroker()), START_WITHIN_MS);
  logSuite('Kafka', open);
});

it('has a broker to be tested on, or is not run', ({ skip }) => {
  if (process.env['CI'] !== 'true') skip(!has('kafka'), 'there is no Kafka here: see test/requirements.ts');
  expect(has('kafka')).toBe(true);
});
