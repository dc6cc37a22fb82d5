/**
 * The same site in one process and as processes of four roles, over a Kafka and a Redis of its own on this machine, two cores: frames a
 * second of two recordings, and whose processor time they take; what a live record is later by; commits of state; how long nobody follows
 * a camera when a process of analyse leaves or dies. One JSON line a figure. Linux; wants a quiet machine.
 *
 *     node bench/distributed.ts [seconds of live cameras]
 */
import { BrokerProcess } from '../demo/brokers/kafka/broker-process.ts';
import { RedisProcess } from '../demo/brokers/redis-process.ts';
import { handOvers } from './distributed/hand-overs.ts';
import { liveLatency } from './distributed/live-latency.ts';
import { throughput } from './distributed/throughput.ts';

const seconds = Number(process.argv[2] ?? 30);
const [kafka, redis] = await Promise.all([BrokerProcess.start(), RedisProcess.start()]);
try {
  const brokers = { kafka: kafka.addresses.plain, redis: redis.url };
  await throughput(brokers);
  await liveLatency(brokers, seconds);
  await handOvers(brokers);
} finally {
  await Promise.all([kafka.stop(), redis.stop()]);
}
