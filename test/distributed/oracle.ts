import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { expect } from 'vitest';
import type { RecordOf } from '../../engine/records/topic.ts';
import { type SiteCamera, SiteFolder } from '../end-to-end/site-process.ts';
import type { Outcome } from './outcome.ts';
import { comparable, comparableState } from './outcome.ts';
import { SETTINGS } from './recordings.ts';

/** What a run without a fault says, in one process. */
export interface Oracle {
  readonly outcome: Outcome;
  /** Its detections, to be written again by others. */
  readonly detections: readonly RecordOf<'detections'>[];
}

/** How frames travel in the runs that are judged: the oracle's frames suffer the same. */
export type Encoding = { readonly encoding: 'raw' } | { readonly encoding: 'jpeg'; readonly quality: number };

const CODEC = pathToFileURL('test/distributed/bus-codec.ts').href;
/** Of the model's input. */
const SIZE = '32 24';

/** Runs recordings embedded: the expectation for every run with faults. */
export async function runOracle(cameras: readonly SiteCamera[], frames: Encoding = { encoding: 'raw' }): Promise<Oracle> {
  const site = new SiteFolder(
    cameras.map((camera) => ({ ...camera, pace: 'fast' })),
    SETTINGS,
  );
  const codec = frames.encoding === 'raw' ? {} : { NODE_OPTIONS: `--import ${CODEC}`, OCELLI_TEST_CODEC: `${frames.quality} ${SIZE}` };
  const running = site.runIn({ environment: codec }, '--until-end');
  expect(await running.exited, running.output).toMatchObject({ code: 0 });
  const [detections, tracks] = [await site.records('detections'), await site.records('tracks')];
  return { detections, outcome: { detections: comparable(detections), tracks: comparable(tracks), state: stateIn(site.database) } };
}

function stateIn(file: string): Record<string, unknown> {
  const database = new DatabaseSync(file, { readOnly: true });
  const rows = database.prepare("SELECT key, value FROM task_state WHERE task LIKE 'analyse/%'").all() as {
    key: string;
    value: Uint8Array;
  }[];
  database.close();
  return comparableState(rows.map(({ key, value }) => [key, value]));
}
