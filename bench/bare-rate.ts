import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { LoadedModel } from '../operators/detect/index.ts';

const ROUND_MS = 3000;

/** How fast something looks at frames, and what a frame takes of a processor (user and system time). */
export interface Rate {
  readonly framesPerSecond: number;
  readonly processorMs: number;
}

/** Bare onnxruntime on this machine: the fastest of workers × threads. */
export async function bareRate(model: LoadedModel): Promise<Rate> {
  const cores = availableParallelism();
  const choices = [1, cores].flatMap((workers) => [1, cores].map((threads) => ({ workers, threads })));
  const rates: Rate[] = [];
  for (const { workers, threads } of choices) rates.push(await rateOf(model, workers, threads));
  return rates.reduce((best, rate) => (rate.framesPerSecond > best.framesPerSecond ? rate : best));
}

async function rateOf(model: LoadedModel, workers: number, threads: number): Promise<Rate> {
  const program = new URL('detect-bare-worker.ts', import.meta.url);
  const crew = Array.from({ length: workers }, () => new Worker(program, { workerData: { model, threads } }));
  await Promise.all(crew.map((worker) => once(worker, 'message')));
  for (const worker of crew) worker.postMessage(ROUND_MS);
  const [beganMs, before] = [performance.now(), process.cpuUsage()];
  const runs = await Promise.all(crew.map(async (worker) => Number((await once(worker, 'message'))[0])));
  const [tookMs, { user, system }] = [performance.now() - beganMs, process.cpuUsage(before)];
  for (const worker of crew) worker.postMessage('close');
  await Promise.all(crew.map((worker) => once(worker, 'exit')));
  const frames = runs.reduce((sum, count) => sum + count, 0);
  return { framesPerSecond: (frames * 1000) / tookMs, processorMs: (user + system) / 1000 / frames };
}
