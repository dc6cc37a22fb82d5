import type { Configuration } from '../config/configuration.ts';
import { readConfiguration } from '../config/read-configuration.ts';
import { unknownCamera } from '../config/unknown-camera.ts';
import { OcelliError } from '../errors.ts';
import type { LogReader } from '../log/log.ts';
import { readFrom } from '../log/stream-start.ts';
import { streamTopic } from '../log/topic-stream.ts';
import { readTopic } from '../records/read-topic.ts';
import type { Topic } from '../records/topic.ts';
import type { Application } from './application.ts';
import { EXIT } from './exit-codes.ts';

export interface TailOptions {
  readonly config: string;
  readonly camera?: string;
  /** Without it: from now on when following, else everything that there is. */
  readonly from?: string;
  readonly limit?: number;
  readonly follow: boolean;
}

/** Prints committed records of a topic as NDJSON; reads the log itself, so it works with and without a running site. */
export async function tailCommand(application: Application, name: string, options: TailOptions): Promise<number> {
  const { config, follow, camera, limit, from = follow ? 'now' : 'beginning' } = options;
  const topic = readTopic(name);
  const configuration = readConfiguration(config, { operators: application.operators });
  const log = await application.openLog(configuration, config);
  const ending = endAtSignals();
  try {
    await lookForCamera(log, topic, configuration, options);
    const request = { camera, limit, follow, from: readFrom(from), signal: ending.signal };
    for await (const record of await streamTopic(log, topic, request)) {
      await print(record);
      if (ending.signal.aborted) break;
    }
  } finally {
    await log.close();
    ending.stop();
  }
  return EXIT.ok;
}

/** Aborted by a signal, or when nobody reads any more. */
function endAtSignals(): { readonly signal: AbortSignal; stop(): void } {
  const abort = new AbortController();
  const end = () => abort.abort();
  process.once('SIGINT', end).once('SIGTERM', end);
  process.stdout.on('error', end);
  const stop = () => {
    process.off('SIGINT', end).off('SIGTERM', end);
    process.stdout.off('error', end);
  };
  return { signal: abort.signal, stop };
}

/** A camera that is neither configured nor recorded gives no record: refused; or, where it may still come, said. */
async function lookForCamera(log: LogReader, topic: Topic, { cameras }: Configuration, { camera, follow }: TailOptions): Promise<void> {
  const configured = cameras.map(({ id }) => id);
  if (camera === undefined || configured.includes(camera)) return;
  const recorded = await recordedCameras(log, topic);
  if (recorded.has(camera)) return;
  const sentence = unknownCamera(camera, [...new Set([...configured, ...recorded])].toSorted());
  if (!follow) throw new OcelliError('CAMERA_UNKNOWN', sentence, { camera });
  console.error(`ocelli: ${sentence} Waiting for it.`);
}

async function recordedCameras(log: LogReader, topic: Topic): Promise<ReadonlySet<string>> {
  const partitions = Array.from({ length: log.partitions }, (_, partition) => log.progress(topic, partition));
  return new Set((await Promise.all(partitions)).flatMap((progress) => [...progress.keys()]));
}

/** Waits for a slow reader of the pipe; one that has gone is told by the event `error`. */
function print(record: unknown): Promise<void> {
  return new Promise((resolve) => void process.stdout.write(`${JSON.stringify(record)}\n`, () => resolve()));
}
