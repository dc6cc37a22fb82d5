/**
 * The page with sixteen tiles at 10 frames a second, its processor throttled four times: how evenly pictures are drawn, the longest task of
 * the page, what a picture costs in each thread, and whether its heap stays flat. Chromium throttles the thread of the page only, not the
 * worker that draws: of that the processor time of a picture is told, and how busy a machine four times slower would keep it.
 * Wants a quiet machine; how busy it was is told.
 *
 *     node bench/live-view/sixteen-tiles.ts [seconds] [throttling]
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { CDPSession } from 'playwright-core';
import { openBrowser } from '../../test/ui/web/browser.ts';
import { printCase, quantile } from '../print-case.ts';
import { threadsMs } from './browser-threads.ts';
import { WorkerSession } from './worker-session.ts';

const [TILES, FPS] = [16, 10];
const WARM_UP_MS = 10_000;
const HEAP_SAMPLES = 12;

/** Runs in the page. A collection that the bench itself asks for is no task of the page. */
const NOTE_TASKS = `
  window.tasksMs = [];
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) window.tasksMs.push(duration);
  }).observe({ type: 'longtask' });`;

/** Runs in the worker, which draws. */
const NOTE_DRAWN = `
  const drawnMs = new Map();
  const { promise, resolve } = Promise.withResolvers();
  globalThis.everyTileDrawn = promise;
  globalThis.forgetMeasured = () => (globalThis.measured = { between: [], ages: [] });
  forgetMeasured();
  addEventListener('drawn', ({ detail }) => {
    const before = drawnMs.get(detail.camera);
    if (detail.record.seq === before?.seq) return;
    if (before !== undefined) measured.between.push(detail.drawnMs - before.ms);
    if (detail.ageMs !== undefined) measured.ages.push(detail.ageMs);
    drawnMs.set(detail.camera, { ms: detail.drawnMs, seq: detail.record.seq });
    if (drawnMs.size === ${TILES}) resolve();
  });`;

interface Measured {
  /** Milliseconds between pictures drawn on a tile, all tiles together. */
  readonly between: readonly number[];
  readonly ages: readonly number[];
}

const [seconds, throttling] = [Number(process.argv[2] ?? 300), Number(process.argv[3] ?? 4)];
const server = spawn(process.execPath, [fileURLToPath(new URL('./footage-server.ts', import.meta.url)), String(TILES), String(FPS)], {
  stdio: ['pipe', 'pipe', 'inherit'],
});
const [address] = (await once(server.stdout, 'data')) as [Buffer];
const browser = await openBrowser();
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
await page.addInitScript({ content: NOTE_TASKS });
const started = page.waitForEvent('worker');
await page.goto(String(address).trim());
const worker = await started;
await worker.evaluate(NOTE_DRAWN);
const session = await page.context().newCDPSession(page);
await session.send('Emulation.setCPUThrottlingRate', { rate: throttling });
await worker.evaluate('everyTileDrawn');
await page.waitForTimeout(WARM_UP_MS);
await Promise.all([worker.evaluate('forgetMeasured()'), page.evaluate('window.tasksMs = []')]);
await session.send('Performance.enable');
const [pageBefore, threadsBefore] = [await mainThreadMs(session), threadsMs(process.pid)];
const startedMs = performance.now();
const heap = await heapOver(session, await WorkerSession.open(session));
const lastedMs = performance.now() - startedMs;
const [pageMs, threads] = [(await mainThreadMs(session)) - pageBefore, threadsMs(process.pid)];
const { between, ages } = (await worker.evaluate('measured')) as Measured;
const tasksMs = (await page.evaluate('window.tasksMs')) as number[];
await browser.close();
server.stdin.end();

const what = `${TILES} tiles at ${FPS} fps, processor throttled ${throttling}×, ${seconds} s`;
const ofPicture = (thread: string) => ((threads.get(thread) ?? 0) - (threadsBefore.get(thread) ?? 0)) / between.length;
const workerMs = ofPicture('DedicatedWorker');
printCase('live-view', `${what}: between drawn pictures of a tile, p95`, quantile(between, 0.95), 'ms');
printCase('live-view', `${what}: pictures drawn, of those that were sent`, (between.length * 1000) / (TILES * FPS * lastedMs), 'share');
printCase('live-view', `${what}: processor time of the page’s main thread for a picture`, pageMs / between.length, 'ms');
printCase('live-view', `${what}: processor time of the worker for a picture, not throttled`, workerMs, 'ms');
printCase(
  'live-view',
  `${what}: the worker’s share of a core ${throttling} times slower`,
  (workerMs * throttling * TILES * FPS) / 1000,
  'share',
);
printCase('live-view', `${what}: longest task`, Math.max(0, ...tasksMs), 'ms');
printCase('live-view', `${what}: tasks over 100 ms`, tasksMs.filter((ms) => ms > 100).length, 'tasks');
printCase('live-view', `${what}: age as drawn, p95`, quantile(ages, 0.95), 'ms');
printCase('live-view', `${what}: heap at the end against the beginning, medians of thirds`, growth(heap), 'ratio');
printCase('live-view', `${what}: heap of page and worker, median`, quantile(heap, 0.5) / 2 ** 20, 'MiB');
printCase('live-view', 'load of the machine over the last minute, processes that want to run', loadavg()[0] ?? 0, 'processes');
process.exit(0);

/** Processor time, which what else the machine does stretches little. Throttling counts as such: the figure is one of the page at 1×. */
async function mainThreadMs(devtools: CDPSession): Promise<number> {
  const { metrics } = await devtools.send('Performance.getMetrics');
  return 1000 * (metrics.find(({ name }) => name === 'ThreadTime')?.value ?? Number.NaN);
}

/** The heap of page and worker after a full collection, so that it is what they hold and not what lies around. */
async function heapOver(devtools: CDPSession, ofWorker: WorkerSession): Promise<number[]> {
  const sizes: number[] = [];
  for (let sample = 0; sample < HEAP_SAMPLES; sample += 1) {
    await page.waitForTimeout((seconds * 1000) / HEAP_SAMPLES);
    await devtools.send('HeapProfiler.collectGarbage');
    await ofWorker.send('HeapProfiler.collectGarbage');
    const [pageHeap, workerHeap] = [await devtools.send('Runtime.getHeapUsage'), await ofWorker.send('Runtime.getHeapUsage')];
    sizes.push(pageHeap.usedSize + Number(workerHeap['usedSize']));
  }
  return sizes;
}

function growth(sizes: readonly number[]): number {
  const third = Math.floor(sizes.length / 3);
  return quantile(sizes.slice(-third), 0.5) / quantile(sizes.slice(0, third), 0.5);
}
