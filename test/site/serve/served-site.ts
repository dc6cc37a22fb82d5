import { randomUUID } from 'node:crypto';
import { SystemClock } from '../../../engine/clock.ts';
import type { KafkaLog } from '../../../engine/log/index.ts';
import type { KafkaSettings } from '../../../engine/log/kafka/kafka-settings.ts';
import { type Leases, openRedisState, type RedisState, StatePartitionTable } from '../../../engine/state/index.ts';
import { sharedBroker } from '../../brokers/kafka/shared-broker.ts';
import { redisSettings, type SuiteRedis, suiteRedis } from '../../brokers/redis-state.ts';
import { type SiteCamera, SiteFolder } from '../../end-to-end/site-process.ts';
import { openKafkaLog, ownTopics } from '../../engine/log/kafka/open-kafka-log.ts';
import { QUADRANTS } from '../roles/cluster.ts';

/** What processes of the role serve find: topics, a state store and a configuration; a test writes into them as the other roles would. */
export class ServedSite {
  readonly folder: SiteFolder;
  readonly kafka: KafkaSettings;
  readonly log: KafkaLog;
  readonly leases: Leases;
  private readonly redis: SuiteRedis;
  private readonly state: RedisState;

  static async open(cameras: readonly SiteCamera[]): Promise<ServedSite> {
    const [broker, redis] = await Promise.all([sharedBroker(), suiteRedis()]);
    const [kafka, own, clock] = [ownTopics(broker), redisSettings(redis.url), new SystemClock()];
    const state = await openRedisState(own, { clock, mayBegin: async () => true });
    const log = await openKafkaLog(kafka, { clock, table: new StatePartitionTable(Promise.resolve(state.store), clock) });
    const folder = new SiteFolder(cameras, {
      model: QUADRANTS,
      log: { url: `kafka://${broker}`, prefix: kafka.prefix, partitions: kafka.partitions },
      state: { url: redis.url, prefix: own.prefix },
    });
    return new ServedSite({ folder, kafka, log, redis, state });
  }

  private constructor({ folder, kafka, log, redis, state }: Pick<ServedSite, 'folder' | 'kafka' | 'log'> & Stores) {
    this.folder = folder;
    this.kafka = kafka;
    this.log = log;
    this.redis = redis;
    this.state = state;
    this.leases = state.leases(`test-${randomUUID()}`);
  }

  async close(): Promise<void> {
    await this.log.close();
    await this.state.close();
    await this.redis.stop();
  }
}

interface Stores {
  readonly redis: SuiteRedis;
  readonly state: RedisState;
}
