import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { LoadedModel } from '../operators/detect/index.ts';

const ROUND_MS = 3000;

/** Frames a second of bare onnxruntime on this machine: the best of workers × threads. */
export async function bareRate(model: LoadedModel): Promise<number> {
  const cores = availableParallelism();
  const choices = [1, cores].flatMap((workers) => [1, cores].map((threads) => ({ workers, threads })));
  const rates: number[] = [];
  for (const { workers, threads } of choices) rates.push(await rateOf(model, workers, threads));
  return Math.max(...rates);
}

async function rateOf(model: LoadedModel, workers: number, threads: number): Promise<number> {
  const program = new URL('detect-bare-worker.ts', import.meta.url);
  const crew = Array.from({ length: workers }, () => new Worker(program, { workerData: { model, threads } }));
  await Promise.all(crew.map((worker) => once(worker, 'message')));
  for (const worker of crew) worker.postMessage(ROUND_MS);
  const beganMs = performance.now();
  const runs = await Promise.all(crew.map(async (worker) => Number((await once(worker, 'message'))[0])));
  const tookMs = performance.now() - beganMs;
  for (const worker of crew) worker.postMessage('close');
  await Promise.all(crew.map((worker) => once(worker, 'exit')));
  return (runs.reduce((sum, count) => sum + count, 0) * 1000) / tookMs;
}
