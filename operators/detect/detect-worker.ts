/** A thread that runs the model. It blocks while it does, so it has no other work. Ends when it is told `close`. */
import { parentPort, workerData } from 'node:worker_threads';
import { OcelliError, sentenceOf } from '../../engine/errors.ts';
import { answerFrames } from './answer-frames.ts';
import { DetectorSession } from './detector-session.ts';
import type { Question, WorkerData, WorkerMessage } from './worker-messages.ts';

const { model, provider, batch, pixels: shared, begun } = workerData as WorkerData;
const port = parentPort;
if (port === null) throw new Error('detect-worker.ts runs as a worker thread of the detection operator; it is no program of its own.');

function tell(message: WorkerMessage): void {
  port?.postMessage(message);
}

async function answer(session: DetectorSession, pixels: Uint8Array, { at, frames }: Question): Promise<void> {
  Atomics.add(new Int32Array(begun), 0, 1);
  const startMs = performance.now();
  const batchPixels = pixels.subarray(0, frames.length * session.frameBytes);
  batchPixels.set(new Uint8Array(shared, at, batchPixels.length));
  const answers = await answerFrames(session, model, batchPixels, frames);
  tell({ type: 'answer', answers, inferredMs: performance.now() - startMs });
}

/** One after the other: a run gives other messages a turn before it blocks. */
function listen(session: DetectorSession): void {
  // A tensor cannot lie in shared memory.
  const pixels = new Uint8Array(batch * session.frameBytes);
  let last: Promise<void> = Promise.resolve();
  port?.on('message', (message: Question | 'close') => {
    last = last.then(() => (message === 'close' ? close(session) : answer(session, pixels, message)));
  });
}

async function close(session: DetectorSession): Promise<void> {
  await session.close();
  port?.close();
}

try {
  const session = await DetectorSession.open(model, provider);
  await session.warmUp(batch);
  listen(session);
  tell({ type: 'ready' });
} catch (error) {
  tell({ type: 'refused', code: error instanceof OcelliError ? error.code : 'OPERATOR_FAILED', sentence: sentenceOf(error) });
}
