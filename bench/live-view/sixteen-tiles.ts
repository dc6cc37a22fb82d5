/**
 * Sixteen tiles at ten frames a second in headless Chromium with the processor throttled four times: how evenly pictures are drawn, the
 * longest task of the page, and whether its heap stays flat. Wants a quiet machine; how busy it was is told.
 *
 *     node bench/live-view/sixteen-tiles.ts [seconds] [throttling]
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { CDPSession, Page } from 'playwright-core';
import { until } from '../../test/end-to-end/until.ts';
import { openBrowser } from '../../test/ui/web/browser.ts';
import { printCase, quantile } from '../print-case.ts';

const [TILES, FPS] = [16, 10];
const WARM_UP_MS = 10_000;
/** On a busy machine with a throttled page the first pictures take long. */
const STARTS_WITHIN_MS = 120_000;
const HEAP_SAMPLES = 12;

interface Measured {
  /** Milliseconds between pictures drawn on a tile, all tiles together. */
  readonly between: readonly number[];
  readonly tasksMs: readonly number[];
  readonly ages: readonly number[];
}

const [seconds, throttling] = [Number(process.argv[2] ?? 300), Number(process.argv[3] ?? 4)];
const server = spawn(process.execPath, [fileURLToPath(new URL('./footage-server.ts', import.meta.url)), String(TILES), String(FPS)], {
  stdio: ['pipe', 'pipe', 'inherit'],
});
const [address] = (await once(server.stdout, 'data')) as [Buffer];
const browser = await openBrowser();
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
await page.addInitScript({ content: noteScript() });
await page.goto(String(address).trim());
const session = await page.context().newCDPSession(page);
await session.send('Emulation.setCPUThrottlingRate', { rate: throttling });
await until('every tile has drawn', async () => (await page.evaluate('window.tilesDrawn()')) === TILES, STARTS_WITHIN_MS);
await page.waitForTimeout(WARM_UP_MS);
await page.evaluate('window.measured = { between: [], tasksMs: [], ages: [] }');
await session.send('Performance.enable');
const cpuBefore = await mainThreadMs(session);
const heap = await heapOver(page, session);
const cpuMs = (await mainThreadMs(session)) - cpuBefore;
const { between, tasksMs, ages } = (await page.evaluate('window.measured')) as Measured;
await browser.close();
server.stdin.end();

const what = `${TILES} tiles at ${FPS} fps, processor throttled ${throttling}×, ${seconds} s`;
printCase('live-view', `${what}: between drawn pictures of a tile, p95`, quantile(between, 0.95), 'ms');
printCase('live-view', `${what}: pictures drawn, of those that were sent`, between.length / (TILES * FPS * seconds), 'share');
printCase('live-view', `${what}: processor time of the page’s main thread for a picture`, cpuMs / between.length, 'ms');
printCase('live-view', `${what}: longest task`, Math.max(0, ...tasksMs), 'ms');
printCase('live-view', `${what}: tasks over 100 ms`, tasksMs.filter((ms) => ms > 100).length, 'tasks');
printCase('live-view', `${what}: age as shown, p95`, quantile(ages, 0.95), 'ms');
printCase('live-view', `${what}: heap at the end against the beginning, medians of thirds`, growth(heap), 'ratio');
printCase('live-view', `${what}: heap, median`, quantile(heap, 0.5) / 2 ** 20, 'MiB');
printCase('live-view', 'load of the machine over the last minute, processes that want to run', loadavg()[0] ?? 0, 'processes');
process.exit(0);

/** Processor time, which what else the machine does stretches little. Throttling counts as such: the figure is one of the page at 1×. */
async function mainThreadMs(devtools: CDPSession): Promise<number> {
  const { metrics } = await devtools.send('Performance.getMetrics');
  return 1000 * (metrics.find(({ name }) => name === 'ThreadTime')?.value ?? Number.NaN);
}

/** The page's heap after a full collection, so that it is what the page holds and not what lies around. */
async function heapOver(watched: Page, devtools: CDPSession): Promise<number[]> {
  const sizes: number[] = [];
  for (let sample = 0; sample < HEAP_SAMPLES; sample += 1) {
    await watched.waitForTimeout((seconds * 1000) / HEAP_SAMPLES);
    await devtools.send('HeapProfiler.collectGarbage');
    sizes.push((await devtools.send('Runtime.getHeapUsage')).usedSize);
  }
  return sizes;
}

function growth(sizes: readonly number[]): number {
  const third = Math.floor(sizes.length / 3);
  return quantile(sizes.slice(-third), 0.5) / quantile(sizes.slice(0, third), 0.5);
}

/** Runs in the page. A collection that the bench itself asks for is no task of the page. */
function noteScript(): string {
  return `
    window.measured = { between: [], tasksMs: [], ages: [] };
    const drawnMs = new Map();
    window.tilesDrawn = () => drawnMs.size;
    addEventListener('drawn', ({ target, detail }) => {
      const { camera } = target.dataset;
      if (detail.record.seq === drawnMs.get(camera)?.seq) return;
      const before = drawnMs.get(camera)?.ms;
      if (before !== undefined) window.measured.between.push(detail.pageMs - before);
      if (detail.ageMs !== undefined) window.measured.ages.push(detail.ageMs);
      drawnMs.set(camera, { ms: detail.pageMs, seq: detail.record.seq });
    });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) window.measured.tasksMs.push(duration);
    }).observe({ type: 'longtask' });`;
}
