import { readFileSync } from 'node:fs';
import type { Kafka, KafkaConfig, SASLOptions } from 'kafkajs';
import type Cluster from 'kafkajs/src/cluster/index.js';
import { connectSocket } from './connect-socket.ts';
import type { KafkaSettings } from './kafka-settings.ts';
import { repairConnection, repairRequestQueue } from './kafkajs-repairs.ts';

export type { RawBroker, RawPartition } from 'kafkajs/src/cluster/index.js';
export type { Cluster };

const CONNECTION_TIMEOUT_MS = 3_000;
const REQUEST_TIMEOUT_MS = 8_000;
const METADATA_MAX_AGE_MS = 60_000;
/** The level of a logger that says nothing: what goes wrong comes as an error, and with its sentence. */
const SILENT = 0;

export interface KafkaClient {
  /** The public interface, for the administration of topics. */
  readonly kafka: Kafka;
  /** A set of connections of its own: one for requests, one for fetches, to each broker. */
  newCluster(): Cluster;
}

/** Loads kafkajs, which a site without Kafka never does. */
export async function openKafkaClient(settings: KafkaSettings): Promise<KafkaClient> {
  const [{ Kafka }, { default: Cluster }, { default: RequestQueue }, { default: Connection }] = await Promise.all([
    import('kafkajs'),
    import('kafkajs/src/cluster/index.js'),
    import('kafkajs/src/network/requestQueue/index.js'),
    import('kafkajs/src/network/connection.js'),
  ]);
  repairRequestQueue(RequestQueue);
  repairConnection(Connection);
  const config = configOf(settings);
  const kafka = new Kafka(config);
  const options = { ...config, logger: kafka.logger(), metadataMaxAge: METADATA_MAX_AGE_MS, allowAutoTopicCreation: false };
  return { kafka, newCluster: () => new Cluster(options) };
}

function configOf({ brokers, tls, user }: KafkaSettings): KafkaConfig {
  return {
    brokers: [...brokers],
    clientId: 'ocelli',
    socketFactory: connectSocket,
    logLevel: SILENT,
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    // Trying again is our own: kafkajs takes errors for passing that are not.
    retry: { retries: 0 },
    ...(tls === undefined ? {} : { ssl: tls.ca === undefined ? true : { ca: readFileSync(tls.ca, 'utf8') } }),
    ...(user === undefined ? {} : { sasl: saslOf(user) }),
  };
}

function saslOf({ name, password, mechanism }: NonNullable<KafkaSettings['user']>): SASLOptions {
  const credentials = { username: name, password: password.reveal() };
  return mechanism === 'plain' ? { mechanism, ...credentials } : { mechanism, ...credentials };
}
