/**
 * Stands in for a detect worker. What it does with a batch is told by the first byte of its first frame: 1 it ends, 2 it throws,
 * 3 it never answers; else it sees one object whose score is the byte / 255.
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { Question, WorkerData, WorkerMessage } from '../../../operators/detect/worker-messages.ts';

const ENDS = 1;
const THROWS = 2;
const HANGS = 3;

const { pixels, begun } = workerData as WorkerData;

function answer({ at, frames }: Question): void {
  Atomics.add(new Int32Array(begun), 0, 1);
  const byte = new Uint8Array(pixels)[at] ?? 0;
  if (byte === ENDS) process.exit(9);
  if (byte === THROWS) throw new Error('out of order');
  if (byte === HANGS) return;
  const objects = [{ label: 'byte', score: byte / 255, box: [0, 0, 1, 1] as [number, number, number, number] }];
  const message: WorkerMessage = { type: 'answer', answers: frames.map(() => ({ objects, picture: undefined })), inferredMs: 1 };
  parentPort?.postMessage(message);
}

parentPort?.on('message', (message: Question | 'close') => (message === 'close' ? parentPort?.close() : answer(message)));
parentPort?.postMessage({ type: 'ready' } satisfies WorkerMessage);
