/** Vitest's global set-up: one broker for all test files of a run, started when the first of them asks, stopped with the run. */
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { TestProject } from 'vitest/node';
import { type BrokerAddresses, BrokerProcess } from '../../../demo/brokers/kafka/broker-process.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Whoever connects to it on 127.0.0.1 gets a `BrokerAnswer` as JSON. */
    readonly brokerPort: number;
  }
}

/** Where the broker is, or why it did not start. */
export type BrokerAnswer = { readonly addresses: BrokerAddresses } | { readonly failure: string };

export default async function brokerForTheRun({ provide }: TestProject): Promise<() => Promise<void>> {
  let broker: Promise<BrokerProcess> | undefined;
  const answer = async (): Promise<BrokerAnswer> => {
    broker ??= BrokerProcess.start();
    return broker.then(
      ({ addresses }) => ({ addresses }),
      (error: Error) => ({ failure: error.message }),
    );
  };
  const server = createServer((socket) => void answer().then((text) => socket.end(JSON.stringify(text))));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  provide('brokerPort', (server.address() as AddressInfo).port);
  return async () => {
    server.close();
    const started = await broker?.catch(() => undefined);
    await started?.stop();
  };
}
