/** A thread that runs the model. It blocks while it does, so it has no other work. Ends when it is told `close`. */
import { parentPort, workerData } from 'node:worker_threads';
import { OcelliError, sentenceOf } from '../../engine/errors.ts';
import { answerFrames } from './answer-frames.ts';
import { DetectorSession } from './detector-session.ts';
import type { Question, WorkerData, WorkerMessage } from './worker-messages.ts';

const { model, provider, batch, pixels: shared } = workerData as WorkerData;
const port = parentPort;
if (port === null) throw new Error('detect-worker.ts runs as a worker thread of the detection operator; it is no program of its own.');

/** A tensor cannot lie in shared memory. */
const pixels = new Uint8Array(shared.byteLength);

function tell(message: WorkerMessage): void {
  port?.postMessage(message);
}

async function answer(session: DetectorSession, { frames }: Question): Promise<void> {
  const startMs = performance.now();
  pixels.set(new Uint8Array(shared, 0, frames.length * session.frameBytes));
  const answers = await answerFrames(session, model, pixels.subarray(0, frames.length * session.frameBytes), frames);
  tell({ type: 'answer', answers, inferredMs: performance.now() - startMs });
}

try {
  const session = await DetectorSession.open(model, provider);
  await session.warmUp(batch);
  port.on('message', async (message: Question | 'close') => {
    if (message !== 'close') return answer(session, message);
    await session.close();
    port.close();
  });
  tell({ type: 'ready' });
} catch (error) {
  tell({ type: 'refused', code: error instanceof OcelliError ? error.code : 'OPERATOR_FAILED', sentence: sentenceOf(error) });
}
