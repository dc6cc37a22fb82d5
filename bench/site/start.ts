/**
 * From the start of the process to the first committed detection of a file, in a new log: node bench/site/start.ts [runs]
 */
import { resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { SiteFolder } from '../../test/end-to-end/site-process.ts';
import { until } from '../../test/end-to-end/until.ts';
import { printCase, quantile } from '../print-case.ts';

const runs = Number(process.argv[2] ?? 5);
const tookMs: number[] = [];
for (let run = 0; run < runs; run += 1) tookMs.push(await firstDetection());
printCase('start', 'first detection of a file, best', Math.min(...tookMs), 'ms');
printCase('start', 'first detection of a file, median', quantile(tookMs, 0.5), 'ms');

async function firstDetection(): Promise<number> {
  const url = `file:${resolve('demo/footage/clips/dock-1.mp4')}`;
  const site = new SiteFolder([{ id: 'dock-1', url, fps: 15 }], { model: resolve('models/parcels') });
  const startedMs = Date.now();
  const running = site.run();
  await until('there is a detection', async () => (await site.recordsSoFar('detections')).some(({ type }) => type === 'detections'));
  await running.kill('SIGTERM');
  return firstWrittenMs(site.database) - startedMs;
}

/** The log knows when each record was written. */
function firstWrittenMs(file: string): number {
  const database = new DatabaseSync(file, { readOnly: true });
  const row = database.prepare(`SELECT min(written_at) AS ms FROM log_detections WHERE body LIKE '%"objects":%'`).get();
  database.close();
  return Number(row?.['ms']);
}
