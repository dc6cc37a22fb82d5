import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { BrokerProcess } from '../../demo/brokers/kafka/broker-process.ts';
import type { RedisServer } from '../brokers/redis-server.ts';
import type { TcpProxy } from '../brokers/tcp-proxy.ts';
import type { SiteProcess } from '../end-to-end/site-process.ts';
import type { Cluster } from './cluster.ts';

/** A warning or an error in the log of a process. */
const TROUBLE = /"level":[45]0/;

/** What is done to what the processes meet in, each until they go on. */
export interface Surroundings {
  readonly cluster: Cluster;
  readonly kafka: BrokerProcess;
  readonly kafkaProxy: TcpProxy;
  readonly redis: RedisServer;
  readonly redisProxy: TcpProxy;
  readonly detect: SiteProcess;
  readonly analyse: SiteProcess;
}

/** What happens to Kafka, to Redis, to the way there, and to the number of processes; each resolves when it has happened. */
export const BROKER_FAULTS: Readonly<Record<string, (surroundings: Surroundings) => Promise<void>>> = {
  'Kafka is killed, missed, and started again': async ({ kafka, detect }) => {
    const missed = detect.saysNext(TROUBLE);
    await kafka.kill();
    await missed;
    await kafka.restart();
  },
  'Redis is killed and started again': async ({ redis }) => {
    await redis.kill();
    await redis.startAgain();
  },
  'Redis is brought back as it was a while ago': async ({ redis, cluster }) => {
    const [files, kept] = [join(redis.folder, 'appendonlydir'), join(redis.folder, 'kept')];
    cpSync(files, kept, { recursive: true });
    await cluster.tracks.goesOn(cluster.cameras, 3);
    await redis.kill();
    rmSync(files, { recursive: true });
    cpSync(kept, files, { recursive: true });
    rmSync(kept, { recursive: true });
    await redis.startAgain();
  },
  'Redis stands still until it is missed': async ({ redis, analyse }) => {
    const missed = analyse.saysNext(TROUBLE);
    redis.standStill();
    await missed;
    redis.goOn();
  },
  'every connection to Kafka breaks': async ({ kafkaProxy }) => kafkaProxy.reset(),
  'every connection to Redis breaks': async ({ redisProxy }) => redisProxy.reset(),
  'the answer to a commit of state is lost': async ({ redisProxy }) => redisProxy.lose('answer', ':task'),
  'the answer to a batch of records is lost': async ({ kafkaProxy }) => kafkaProxy.lose('answer', '"type":"tracks"'),
  'a process of each role joins in mid-batch, and leaves': async ({ cluster }) => {
    const joined = [cluster.start('detect'), cluster.start('analyse'), cluster.start('connect')];
    await Promise.all(joined.map((process) => process.url()));
    await cluster.tracks.goesOn(cluster.cameras, 2);
    await Promise.all(joined.map((process) => process.kill('SIGTERM')));
  },
};
