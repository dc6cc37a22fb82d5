import { availableParallelism } from 'node:os';
import { type Clock, SystemClock } from '../../engine/clock.ts';
import type { Detected } from '../../engine/contract/detection.ts';
import type { BatchItem, BatchOperator, OpenBatchOperator } from '../../engine/contract/operator.ts';
import { OcelliError } from '../../engine/errors.ts';
import type { Frame } from '../../engine/frames/frame.ts';
import { frameBytesOf } from './detector-graph.ts';
import { DetectorSession, type Provider } from './detector-session.ts';
import type { LoadedModel } from './load-model.ts';
import { type BatchAnswer, WorkerClient } from './worker-client.ts';
import { type FrameAnswer, QUESTIONS } from './worker-messages.ts';
import { WorkerPool } from './worker-pool.ts';

export interface DetectOptions {
  /** Default `cpu`. */
  readonly provider?: Provider;
  /** Worker threads, each with a session of one thread. Default: one a core, or one for a GPU. */
  readonly workers?: number;
  /** Default on the CPU, where batches gain nothing: 1 frame, 0 ms. On a GPU: 8 frames, 4 ms. */
  readonly batch?: { readonly size: number; readonly waitMs: number };
  /** A worker that does not answer within this is replaced. Default 10 s. */
  readonly answerWithinMs?: number;
  readonly clock?: Clock;
  /** The thread's program; tests put a faulty one in its place. */
  readonly program?: URL;
}

const BATCH = { cpu: { size: 1, waitMs: 0 }, cuda: { size: 8, waitMs: 4 } };
const ANSWER_WITHIN_MS = 10_000;

/**
 * The detection operator: runs the model on frames, in worker threads, and answers with the objects in 0…1 of the source picture.
 *
 *   frame ─▶ copied into the buffer of the worker with least to do ─▶ model ▸ decode ▸ suppress ─▶ answer
 *
 * Equal frames get equal answers, in any order, in any company, on any number of workers. A frame whose answer is no good (not a number,
 * a failing run, a worker that died or hung) is rejected with OPERATOR_FAILED; its pixels are whole, so it can be tried again.
 * `open` throws MODEL_INVALID when onnxruntime cannot load the model or it answers in another shape.
 */
export function detect(model: LoadedModel, options: DetectOptions = {}): BatchOperator<Frame, Detected> {
  return { name: 'detect', open: () => openDetect(model, options) };
}

/**
 * Opens a model where it is to run, and closes it again: before a site begins, so that who asks for a GPU that is not there hears of it at
 * once. The CPU always is, so nothing is done for it. Throws CONFIG_INVALID.
 */
export async function tryProvider(model: LoadedModel, provider: Provider): Promise<void> {
  if (provider === 'cpu') return;
  const session = await DetectorSession.open(model, provider);
  await session.close();
}

/** How many worker threads look at frames: as many as asked for, else one a core, or one for a GPU. */
export function workersOf(provider: Provider, asked: number | undefined): number {
  return asked ?? (provider === 'cpu' ? availableParallelism() : 1);
}

async function openDetect(model: LoadedModel, options: DetectOptions): Promise<OpenBatchOperator<Frame, Detected>> {
  const { provider = 'cpu', clock = new SystemClock(), answerWithinMs = ANSWER_WITHIN_MS, program } = options;
  const { size, waitMs } = options.batch ?? BATCH[provider];
  const workers = workersOf(provider, options.workers);
  const batch = Math.min(size, model.graph.fixedBatch ?? size);
  const clientOptions = { clock, answerWithinMs, ...(program === undefined ? {} : { program }) };
  const pool = await WorkerPool.open(() => WorkerClient.open({ model, provider, batch }, clientOptions), workers);
  return {
    batch: { size: batch, waitMs, parallel: workers * QUESTIONS },
    process: (items, signal) => processItems(pool, frameBytesOf(model.graph), items, signal),
    close: () => pool.close(),
  };
}

type Item = BatchItem<Frame, Detected>;

/** A frame of another size than the model's is rejected alone; the others are looked at. */
async function processItems(pool: WorkerPool, frameBytes: number, items: readonly Item[], signal: AbortSignal): Promise<void> {
  const fitting = items.filter(({ input }) => input.pixels.byteLength === frameBytes);
  for (const item of items) if (!fitting.includes(item)) item.reject(wrongSize(item.input, frameBytes));
  if (fitting.length > 0) await processBatch(pool, fitting, signal);
}

/** What has begun is finished, also when the signal comes: it takes one inference, or `answerWithinMs` when the model hangs. */
async function processBatch(pool: WorkerPool, items: readonly Item[], signal: AbortSignal): Promise<void> {
  let batch: BatchAnswer;
  try {
    if (signal.aborted) throw new OcelliError('OPERATOR_FAILED', 'detect: the run was stopped.');
    batch = await pool.use((worker) => worker.look(items.map(({ input }) => input)));
  } catch (error) {
    for (const item of items) item.reject(error);
    return;
  }
  for (const [index, item] of items.entries()) settle(item, batch.answers[index], batch.inferredMs);
}

function wrongSize(frame: Frame, frameBytes: number): OcelliError {
  return rejection(frame, `has ${frame.pixels.byteLength} bytes, the model takes ${frameBytes}`);
}

function rejection({ camera, session, seq }: Frame, reason: string): OcelliError {
  return new OcelliError('OPERATOR_FAILED', `detect: frame ${camera}/${session}/${seq}: ${reason}.`, { camera, session, seq });
}

function settle(item: Item, answer: FrameAnswer | undefined, inferredMs: number): void {
  if (answer === undefined || 'failure' in answer) {
    item.reject(rejection(item.input, answer?.failure ?? 'the worker left it out'));
    return;
  }
  const { objects, picture } = answer;
  item.answer({ objects, inferredMs, pixels: item.input.pixels, ...(picture === undefined ? {} : { picture: { ...picture } }) });
}
