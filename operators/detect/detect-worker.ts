/** A thread that runs the model. It blocks while it does, so it has no other work. Ends when it is told `close`. */
import { parentPort, workerData } from 'node:worker_threads';
import { OcelliError, sentenceOf } from '../../engine/errors.ts';
import { answerFrames } from './answer-frames.ts';
import { DetectorSession } from './detector-session.ts';
import type { Question, WorkerMessage, WorkerSettings } from './worker-messages.ts';

const { model, provider, batch } = workerData as WorkerSettings;
const port = parentPort;
if (port === null) throw new Error('detect-worker.ts runs as a worker thread of the detection operator; it is no program of its own.');

function tell(message: WorkerMessage, transfer: ArrayBuffer[] = []): void {
  port?.postMessage(message, transfer);
}

async function answer(session: DetectorSession, { pixels, frames }: Question): Promise<void> {
  const startMs = performance.now();
  const answers = await answerFrames(session, model, new Uint8Array(pixels), frames);
  tell({ type: 'answer', pixels, answers, inferredMs: performance.now() - startMs }, [pixels]);
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
