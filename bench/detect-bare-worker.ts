/** Runs a model on one frame again and again, with nothing around it: the yardstick of `detect.ts`. Tells how many runs it did. */
import { parentPort, workerData } from 'node:worker_threads';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { LoadedModel } from '../operators/detect/index.ts';

const { model, threads } = workerData as { model: LoadedModel; threads: number };
const { inputName, width, height } = model.graph;
const session = await InferenceSession.create(model.file, { intraOpNumThreads: threads, interOpNumThreads: 1 });
const pixels = Uint8Array.from({ length: 3 * width * height }, (_, at) => (at * 31) % 256);
const frame = { [inputName]: new Tensor('uint8', pixels, [1, 3, height, width]) };
await session.run(frame);

parentPort?.on('message', async (forMs: number | 'close') => {
  if (forMs === 'close') {
    await session.release();
    parentPort?.close();
    return;
  }
  const end = performance.now() + forMs;
  let runs = 0;
  for (; performance.now() < end; runs++) await session.run(frame);
  parentPort?.postMessage(runs);
});
parentPort?.postMessage('ready');
