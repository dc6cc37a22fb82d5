import { readConfiguration } from '../config/read-configuration.ts';
import { readTopic } from '../records/read-topic.ts';
import type { Application } from './application.ts';
import { EXIT } from './exit-codes.ts';
import { readLines } from './ndjson.ts';

export interface ReplayOptions {
  readonly config?: string;
  /** Only what is emitted to this topic. */
  readonly topic?: string;
}

/**
 * Runs the keyed operators over recorded detections, without video, and prints what they emit as NDJSON: with the settings that were
 * recorded, or with those of a configuration file.
 */
export async function replayCommand(application: Application, file: string, { config, topic }: ReplayOptions): Promise<number> {
  const configuration = config === undefined ? undefined : readConfiguration(config, { operators: application.operators });
  const only = topic === undefined ? undefined : readTopic(topic);
  for await (const emitted of application.replay(readLines(file), configuration)) {
    if (only === undefined || emitted.topic === only) console.log(JSON.stringify(emitted.record));
  }
  return EXIT.ok;
}
