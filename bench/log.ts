/**
 * What the embedded log costs, one JSON line a figure: {"name", "case", "value", "unit"}. Wants a quiet machine.
 *   node bench/log.ts
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { SqliteLog } from '../engine/log/index.ts';
import type { DetectionsRecord } from '../engine/records/record.ts';
import { TOPIC_NAMES } from '../engine/records/topic.ts';
import { Database } from '../engine/sqlite/index.ts';

const CAMERAS = 64;
const LONELY_APPENDS = 2_000;
const LOAD_RECORDS = 50_000;
const SMALL_READ = 64;
const START_MS = 1_766_400_000_000;

const folder = mkdtempSync(join(tmpdir(), 'ocelli-bench-'));
const path = join(folder, 'ocelli.db');
const openedAt = performance.now();
const database = new Database(path);
const log = await SqliteLog.open(database, { retention: { maxBytes: 2 ** 40 } });
print('open, new file', performance.now() - openedAt, 'ms');
let written = 0;

await appendAlone();
await appendUnderLoad();
await readAll();
await readFromFile();
await appendDuringRetention();
await log.close();
database.close();
rmSync(folder, { recursive: true });

/** Each append waits for the one before, with a turn of the event loop between: what a single camera sees. */
async function appendAlone(): Promise<void> {
  const latencies = await lonelyAppends(LONELY_APPENDS);
  print('append alone, p50', quantile(latencies, 0.5), 'ms');
  print('append alone, p99', quantile(latencies, 0.99), 'ms');
  print('append alone', 1_000 / mean(latencies), 'records/s');
}

/** All cameras hand over a record at once, again and again, as the detect stage does when it cannot keep up. */
async function appendUnderLoad(): Promise<void> {
  const began = performance.now();
  for (let done = 0; done < LOAD_RECORDS; done += CAMERAS) {
    await Promise.all(Array.from({ length: CAMERAS }, () => log.append('detections', 0, [nextRecord()])));
  }
  const seconds = (performance.now() - began) / 1_000;
  print(`append, ${CAMERAS} cameras`, LOAD_RECORDS / seconds, 'records/s');
  print('one record of ten objects', JSON.stringify(nextRecord()).length, 'bytes');
  print('file and write-ahead log, for each record', (statSync(path).size + statSync(`${path}-wal`).size) / written, 'bytes');
}

/** Reading everything, as a task does that runs again from an old checkpoint; and following the end, as every other does. */
async function readAll(): Promise<void> {
  const { start, end } = await log.bounds('detections', 0);
  print('read the whole topic', await readRate(start, end, 1_000), 'records/s');
  print('read the end, from memory', await readRate(end - 4_000, end, 1_000), 'records/s');
}

/** Why a small read may stay on the main thread, and a large one may not. */
async function readFromFile(): Promise<void> {
  const { start } = await log.bounds('detections', 0);
  const small: number[] = [];
  for (let n = 0; n < 200; n++) small.push(await timed(() => log.read('detections', 0, { from: start + n * 100, limit: SMALL_READ })));
  print(`read ${SMALL_READ} records on the main thread, p50`, quantile(small, 0.5), 'ms');
  print(`read ${SMALL_READ} records on the main thread, p99`, quantile(small, 0.99), 'ms');
  print('longest event-loop delay, doing nothing', await delayDuring(() => new Promise((done) => setTimeout(done, 500))), 'ms');
  const delay = await delayDuring(() => readRate(start, start + 20_000, 1_000));
  print('longest event-loop delay while reading 20,000 records', delay, 'ms');
}

/** Retention, a checkpoint and the vacuum run in the background while a lonely append comes about every millisecond. */
async function appendDuringRetention(): Promise<void> {
  const keptMs = Object.fromEntries(TOPIC_NAMES.map((topic) => [topic, 0]));
  await log.close();
  const strict = await SqliteLog.open(database, { retention: { keptMs } });
  let latencies: number[] = [];
  const delay = await delayDuring(async () => {
    const retention = strict.maintain();
    let going = true;
    void retention.finally(() => {
      going = false;
    });
    while (going) {
      await new Promise((done) => setTimeout(done, 1));
      latencies = latencies.concat(await lonelyAppends(1, strict));
    }
    const report = await retention;
    if (report.error !== undefined) throw report.error;
    if (report.retention === undefined) throw new Error('No retention took place.');
    const { removed, steps, heldMs, longestMs } = report.retention;
    print('records removed', removed, 'records');
    print('hold of the write lock, mean', heldMs / steps, 'ms');
    print('hold of the write lock, longest', longestMs, 'ms');
  });
  print('longest event-loop delay during retention', delay, 'ms');
  print('append alone during retention, p50', quantile(latencies, 0.5), 'ms');
  print('append alone during retention, p99', quantile(latencies, 0.99), 'ms');
  await strict.close();
}

async function lonelyAppends(count: number, target = log): Promise<number[]> {
  const latencies: number[] = [];
  for (let n = 0; n < count; n++) {
    await new Promise(setImmediate);
    const record = nextRecord();
    latencies.push(await timed(() => target.append('detections', 0, [record])));
  }
  return latencies;
}

async function readRate(from: number, to: number, limit: number): Promise<number> {
  const began = performance.now();
  for (let next = from; next < to; ) next = (await log.read('detections', 0, { from: next, limit })).next;
  return ((to - from) / (performance.now() - began)) * 1_000;
}

async function delayDuring(work: () => Promise<unknown>): Promise<number> {
  const histogram = monitorEventLoopDelay({ resolution: 1 });
  histogram.enable();
  await work();
  histogram.disable();
  return histogram.max / 1e6;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

function nextRecord(): DetectionsRecord {
  const seq = Math.floor(written / CAMERAS);
  const camera = `dock-${written++ % CAMERAS}`;
  return {
    v: 1,
    type: 'detections',
    id: `${camera}/1/${seq}`,
    camera,
    session: 1,
    seq,
    time: START_MS + seq * 100,
    clock: 'arrival',
    image: { width: 1920, height: 1080 },
    model: { name: 'parcels', version: '3', sha256: 'a'.repeat(64), dataset: 'parcels-2026-11', settings: '9f3a1c44' },
    objects: Array.from({ length: 10 }, (_, n) => ({ label: 'parcel', score: 0.914, box: [0.10432, 0.02 * n, 0.05123, 0.08321] })),
    timing: { decoded: 14.2, waited: 3.1, inferred: 21.7 },
  };
}

function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function print(what: string, value: number, unit: string): void {
  console.log(JSON.stringify({ name: 'log', case: what, value: Number(value.toPrecision(4)), unit }));
}
