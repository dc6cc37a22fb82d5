import { spawnSync } from 'node:child_process';
import { OcelliError } from '../../engine/errors.ts';
import { BrokerProcess } from '../brokers/kafka/broker-process.ts';
import { hasKafka, installKafka } from '../brokers/kafka/install.ts';
import { RedisProcess } from '../brokers/redis-process.ts';

/** A Kafka and a Redis for a site. */
export interface Brokers {
  /** `host:port`. */
  readonly kafka: string;
  /** `redis://host:port/database`. */
  readonly redis: string;
  /** Ends those that were started for us. */
  stop(): Promise<void>;
}

/** What is given is used; what is not is started on this machine. Says through `tell` what it does. */
export async function bringBrokers(
  given: { readonly kafka?: string; readonly redis?: string },
  tell: (line: string) => void,
): Promise<Brokers> {
  const started: { stop(): Promise<void> }[] = [];
  const stop = async () => {
    await Promise.all(started.map((one) => one.stop()));
  };
  try {
    const redis = given.redis ?? (await start(startRedis, started, tell)).url;
    const kafka = given.kafka ?? (await start(startKafka, started, tell)).addresses.plain;
    return { kafka, redis, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start<B extends { stop(): Promise<void> }>(
  bring: (tell: (line: string) => void) => Promise<B>,
  started: { stop(): Promise<void> }[],
  tell: (line: string) => void,
): Promise<B> {
  const broker = await bring(tell);
  started.push(broker);
  return broker;
}

async function startRedis(tell: (line: string) => void): Promise<RedisProcess> {
  needs('redis-server', 'Redis', 'OCELLI_REDIS=redis://host:6379/0', 'redis-server');
  tell('Starting a Redis …');
  return RedisProcess.start();
}

async function startKafka(tell: (line: string) => void): Promise<BrokerProcess> {
  if (!hasKafka()) {
    needs('java', 'Kafka', 'OCELLI_KAFKA=host:9092', 'openjdk-17-jre-headless maven');
    needs('mvn', 'Kafka', 'OCELLI_KAFKA=host:9092', 'openjdk-17-jre-headless maven');
    tell('Bringing Apache Kafka from Maven Central, once (43 MB) …');
    installKafka();
  }
  tell('Starting a Kafka …');
  return BrokerProcess.start();
}

function needs(program: string, what: string, variable: string, packages: string): void {
  const { error } = spawnSync(program, ['--version'], { stdio: 'ignore' });
  if (error === undefined) return;
  throw new OcelliError(
    'INPUT_INVALID',
    `${what} cannot be started here: ${program} is not installed. Install it (Debian: apt-get install ${packages}), or give the address of one that runs: ${variable}.`,
    { cause: error, program },
  );
}
