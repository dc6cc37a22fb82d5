import { DatabaseSync } from 'node:sqlite';
import { expect } from 'vitest';
import type { RecordOf } from '../../engine/records/topic.ts';
import { SiteFolder } from '../end-to-end/site-process.ts';
import type { Outcome } from './outcome.ts';
import { comparable, comparableState } from './outcome.ts';
import { recordings, SETTINGS } from './recordings.ts';

/** What a run without a fault says, in one process. */
export interface Oracle {
  readonly outcome: Outcome;
  /** Its detections, to be written again by others. */
  readonly detections: readonly RecordOf<'detections'>[];
}

/** Runs the recordings embedded, once: the expectation for every run with faults. */
export async function runOracle(seconds: number): Promise<Oracle> {
  const site = new SiteFolder(recordings(seconds), SETTINGS);
  const running = site.run('--until-end');
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
