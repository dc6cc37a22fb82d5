import { OcelliError } from '../../errors.ts';
import type { Cluster } from './kafkajs-door.ts';

/** The request by which records are written, and the version of it that came with Kafka 2.1. */
const PRODUCE = 0;
const PRODUCE_OF_2_1 = 7;

/** Throws LOG_BROKER_UNSUPPORTED for a broker older than Kafka 2.1. */
export async function checkBroker(cluster: Cluster, where: string): Promise<void> {
  try {
    await cluster.connect();
    const found = cluster.brokerPool.seedBroker?.versions?.[PRODUCE]?.maxVersion ?? 0;
    if (found >= PRODUCE_OF_2_1) return;
    const what = `${where} is too old: it knows version ${found} of the request to write. Expected Kafka 2.1 or newer, which knows ${PRODUCE_OF_2_1}.`;
    throw new OcelliError('LOG_BROKER_UNSUPPORTED', what, { found, expected: PRODUCE_OF_2_1 });
  } finally {
    await cluster.disconnect();
  }
}
