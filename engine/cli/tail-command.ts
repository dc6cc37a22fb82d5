import { once } from 'node:events';
import { readConfiguration } from '../config/read-configuration.ts';
import { OcelliError } from '../errors.ts';
import { readFrom } from '../log/stream-start.ts';
import { streamTopic } from '../log/topic-stream.ts';
import { isTopic, TOPIC_NAMES, type Topic } from '../records/topic.ts';
import type { Application } from './application.ts';
import { EXIT } from './exit-codes.ts';

export interface TailOptions {
  readonly config: string;
  readonly camera?: string;
  readonly from: string;
  readonly limit?: number;
  readonly follow: boolean;
}

/** Prints committed records of a topic as NDJSON; reads the log itself, so it works with and without a running site. */
export async function tailCommand(
  application: Application,
  name: string,
  { config, follow, from, camera, limit }: TailOptions,
): Promise<number> {
  const topic = readTopic(name);
  const configuration = readConfiguration(config, { operators: application.operators });
  const log = await application.openLog(configuration, config);
  const abort = new AbortController();
  process.once('SIGINT', () => abort.abort());
  process.once('SIGTERM', () => abort.abort());
  process.stdout.once('error', () => abort.abort());
  try {
    for await (const record of await streamTopic(log, topic, { camera, limit, follow, from: readFrom(from), signal: abort.signal })) {
      await print(record, abort.signal);
    }
  } finally {
    await log.close();
  }
  return EXIT.ok;
}

export function readTopic(name: string): Topic {
  if (isTopic(name)) return name;
  throw new OcelliError('TOPIC_UNKNOWN', `There is no topic ${JSON.stringify(name)}; expected one of ${TOPIC_NAMES.join(', ')}.`);
}

/** Waits for a slow reader of the pipe. */
async function print(record: unknown, signal: AbortSignal): Promise<void> {
  if (!process.stdout.write(`${JSON.stringify(record)}\n`) && !signal.aborted) await once(process.stdout, 'drain');
}
