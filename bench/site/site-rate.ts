import { setTimeout as wait } from 'node:timers/promises';
import { openLogForReading } from '../../engine/log/index.ts';
import { type SiteCamera, SiteFolder } from '../../test/end-to-end/site-process.ts';
import type { Rate } from '../bare-rate.ts';
import { familyOf, threadTimesOf } from './processes.ts';

const WARM_UP_MS = 10_000;
const WINDOW_MS = 10_000;

/** Who takes processor time in a site. `engine`: whatever its main thread, its detect workers and its ffmpeg processes are not. */
export const PARTS = ['main thread', 'detect workers', 'ffmpeg', 'other threads of the engine'] as const;
type Part = (typeof PARTS)[number];

export interface SiteRate extends Rate {
  /** Processor time of a frame by part, in milliseconds. */
  readonly parts: Readonly<Record<Part, number>>;
}

interface Sample {
  readonly atMs: number;
  readonly frames: number;
  readonly spent: Readonly<Record<Part, number>>;
}

/** Runs a site on cameras in a process of its own, and measures it for some seconds once it is warm. */
export async function siteRate(cameras: readonly SiteCamera[], model: string): Promise<SiteRate> {
  const folder = new SiteFolder(cameras, { model });
  const site = folder.run('--log-level', 'info');
  await site.url();
  await wait(WARM_UP_MS);
  const before = await sample(folder, site.child.pid ?? 0);
  await wait(WINDOW_MS);
  const after = await sample(folder, site.child.pid ?? 0);
  await site.kill('SIGKILL');
  return rateBetween(before, after);
}

function rateBetween(before: Sample, after: Sample): SiteRate {
  const frames = after.frames - before.frames;
  const spent = PARTS.map((part) => [part, (after.spent[part] - before.spent[part]) / frames] as const);
  return {
    framesPerSecond: (frames * 1000) / (after.atMs - before.atMs),
    processorMs: spent.reduce((sum, [, ms]) => sum + ms, 0),
    parts: Object.fromEntries(spent) as Record<Part, number>,
  };
}

async function sample(folder: SiteFolder, pid: number): Promise<Sample> {
  const log = openLogForReading(folder.database);
  try {
    const { start, end } = await log.bounds('detections', 0);
    return { atMs: performance.now(), frames: end - start, spent: spentBy(pid) };
  } finally {
    await log.close();
  }
}

function spentBy(pid: number): Record<Part, number> {
  const spent: Record<Part, number> = { 'main thread': 0, 'detect workers': 0, ffmpeg: 0, 'other threads of the engine': 0 };
  for (const [thread, ms] of threadTimesOf(pid)) spent[partOf(thread)] += ms;
  for (const child of familyOf(pid).slice(1)) for (const ms of threadTimesOf(child).values()) spent.ffmpeg += ms;
  return spent;
}

function partOf(thread: string): Part {
  if (thread === 'main') return 'main thread';
  return thread === 'ocelli-detect' ? 'detect workers' : 'other threads of the engine';
}
