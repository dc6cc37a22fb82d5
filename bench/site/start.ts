/**
 * From the start of the process to the first committed detection of a file, in a new log: after a first start, which has left what it
 * compiled behind, and as on the very first start, which finds nothing. Both take turns.
 *
 *     node bench/site/start.ts [rounds]
 */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { firstRecord } from '../../test/end-to-end/followed-records.ts';
import { SiteFolder } from '../../test/end-to-end/site-process.ts';
import { printCase, quantile } from '../print-case.ts';

const rounds = Number(process.argv[2] ?? 5);
const kept = mkdtempSync(join(tmpdir(), 'ocelli-kept-'));
await firstDetectionMs(kept);
const later: number[] = [];
const first: number[] = [];
for (let round = 0; round < rounds; round += 1) {
  later.push(await firstDetectionMs(kept));
  first.push(await firstDetectionMs(mkdtempSync(join(tmpdir(), 'ocelli-kept-'))));
}
tell('first detection of a file', later);
tell('first detection of a file, on the very first start', first);

/** @param compiled where the process keeps what it compiled */
async function firstDetectionMs(compiled: string): Promise<number> {
  const url = `file:${resolve('demo/footage/clips/dock-1.mp4')}`;
  const site = new SiteFolder([{ id: 'dock-1', url, fps: 15 }], { model: resolve('models/parcels') });
  const startedMs = Date.now();
  const running = site.runIn({ environment: { NODE_COMPILE_CACHE: compiled } });
  await firstRecord(running, 'detections', ({ type }) => type === 'detections');
  await running.kill('SIGTERM');
  return firstWrittenMs(site.database) - startedMs;
}

function tell(what: string, tookMs: readonly number[]): void {
  printCase('start', `${what}, best`, Math.min(...tookMs), 'ms');
  printCase('start', `${what}, median`, quantile(tookMs, 0.5), 'ms');
}

/** The log knows when each record was written. */
function firstWrittenMs(file: string): number {
  const database = new DatabaseSync(file, { readOnly: true });
  const row = database.prepare(`SELECT min(written_at) AS ms FROM log_detections WHERE body LIKE '%"objects":%'`).get();
  database.close();
  return Number(row?.['ms']);
}
