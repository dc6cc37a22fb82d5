import { connect } from 'node:net';
import { json } from 'node:stream/consumers';
import { inject } from 'vitest';
import type { BrokerAddresses } from '../../../demo/brokers/kafka/broker-process.ts';
import type { BrokerAnswer } from './broker-for-the-run.ts';

/**
 * The plain address of the broker that all test files of a run share: started by the first that asks, ended with the run. An address in
 * OCELLI_TEST_KAFKA is used instead.
 */
export async function sharedBroker(): Promise<string> {
  return process.env['OCELLI_TEST_KAFKA'] ?? (await ownBroker()).plain;
}

/** As `sharedBroker`, always one that we started: with all of its listeners. Do not kill it, others use it too. */
export async function ownBroker(): Promise<BrokerAddresses> {
  const answer = (await json(connect(inject('brokerPort'), '127.0.0.1'))) as BrokerAnswer;
  if ('failure' in answer) throw new Error(`The test broker did not start: ${answer.failure}`);
  return answer.addresses;
}
