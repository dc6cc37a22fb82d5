/**
 * What detection costs beside the model itself: frames a second of our operator against bare onnxruntime with the best number of workers
 * and threads, on prepared frames, in turns. One JSON line a figure: {"name", "case", "value", "unit"}. Wants a quiet machine.
 *
 *     node bench/detect.ts [model folder or .onnx] [rounds]
 */
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Frame } from '../engine/frames/frame.ts';
import { detect, type LoadedModel, loadModel } from '../operators/detect/index.ts';
import { pictureStatistics } from '../operators/detect/picture-statistics.ts';
import { decodeYolo } from '../operators/detect/yolo-decode.ts';

const ROUND_MS = 3_000;
const cores = availableParallelism();
const model = await loadModel(process.argv[2] ?? 'models/parcels');
const rounds = Number(process.argv[3] ?? 5);

const best = await bestBare();
await againstBare(best);
costOfDecoding();
costOfStatistics();

interface Choice {
  readonly workers: number;
  readonly threads: number;
}

interface Rate {
  readonly perSecond: number;
  readonly cpuPerFrameMs: number;
  readonly mainPerFrameMs: number;
}

async function bestBare(): Promise<Choice> {
  const choices = [1, cores].flatMap((workers) => [1, cores].map((threads) => ({ workers, threads })));
  const measured: { choice: Choice; perSecond: number }[] = [];
  for (const choice of choices) {
    const bare = await openBare(choice);
    const { perSecond } = await bare.rate();
    await bare.close();
    print(`bare onnxruntime, ${choice.workers} workers x ${choice.threads} threads`, perSecond, 'frames/s');
    measured.push({ choice, perSecond });
  }
  return measured.reduce((a, b) => (a.perSecond >= b.perSecond ? a : b)).choice;
}

/** In turns, so that other work on the machine hits both. CPU time is that of the whole process. */
async function againstBare(choice: Choice): Promise<void> {
  const [bare, ours] = [await openBare(choice), await openOurs()];
  const pairs: { bare: Rate; ours: Rate }[] = [];
  for (let round = 0; round < rounds; round++) pairs.push({ bare: await bare.rate(), ours: await ours.rate() });
  await Promise.all([bare.close(), ours.close()]);
  for (const [name, rates] of Object.entries({
    'bare onnxruntime': pairs.map((pair) => pair.bare),
    'our operator': pairs.map((pair) => pair.ours),
  })) {
    print(`${name}, median`, median(rates.map(({ perSecond }) => perSecond)), 'frames/s');
    print(`${name}, CPU a frame, median`, median(rates.map(({ cpuPerFrameMs }) => cpuPerFrameMs)), 'ms');
  }
  print('our operator, CPU of the main thread a frame, median', median(pairs.map((pair) => pair.ours.mainPerFrameMs)), 'ms');
  print('our frames/s against bare, median of pairs', median(pairs.map((pair) => pair.ours.perSecond / pair.bare.perSecond)), 'ratio');
  print(
    'our CPU efficiency against bare, median of pairs',
    median(pairs.map((pair) => pair.bare.cpuPerFrameMs / pair.ours.cpuPerFrameMs)),
    'ratio',
  );
}

async function openBare({ workers, threads }: Choice) {
  const crew = Array.from(
    { length: workers },
    () => new Worker(new URL('detect-bare-worker.ts', import.meta.url), { workerData: { model, threads } }),
  );
  await Promise.all(crew.map((worker) => once(worker, 'message')));
  async function runsOf(worker: Worker): Promise<number> {
    worker.postMessage(ROUND_MS);
    return (await once(worker, 'message'))[0];
  }
  async function end(worker: Worker): Promise<void> {
    worker.postMessage('close');
    await once(worker, 'exit');
  }
  return {
    rate: () => rateOf(async () => sum(await Promise.all(crew.map(runsOf)))),
    close: () => Promise.all(crew.map(end)),
  };
}

async function openOurs() {
  const operator = await detect(model).open();
  const { signal } = new AbortController();
  async function work(end: number): Promise<number> {
    const input = frameOf(model);
    let frames = 0;
    for (; performance.now() < end; frames++) await operator.process([{ input, answer() {}, reject: fail }], signal);
    return frames;
  }
  async function round(): Promise<number> {
    const end = performance.now() + ROUND_MS;
    return sum(await Promise.all(Array.from({ length: operator.batch.parallel }, () => work(end))));
  }
  return { rate: () => rateOf(round), close: () => operator.close() };
}

async function rateOf(work: () => Promise<number>): Promise<Rate> {
  const [all, main, began] = [process.cpuUsage(), process.threadCpuUsage(), performance.now()];
  const frames = await work();
  return {
    perSecond: (frames * 1_000) / (performance.now() - began),
    cpuPerFrameMs: cpuMs(process.cpuUsage(all)) / frames,
    mainPerFrameMs: cpuMs(process.threadCpuUsage(main)) / frames,
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function fail(error: unknown): void {
  throw error;
}

function frameOf({ graph: { width, height } }: LoadedModel): Frame {
  const pixels = Uint8Array.from({ length: 3 * width * height }, (_, at) => (at * 31) % 256).buffer;
  return {
    type: 'frame',
    camera: 'bench',
    session: 1,
    seq: 0,
    time: 0,
    clock: 'recording',
    arrivedMs: 0,
    decodedMs: 0,
    settings: 'none',
    image: { width: 1920, height: 1080 },
    letterbox: { x: 0, y: 0, width, height },
    pixels,
  };
}

/** An answer of 8 400 anchors, 1 in 100 of them above the threshold: as a model of 640×640 gives on a busy picture. */
function costOfDecoding(): void {
  for (const anchors of [1_200, 8_400]) {
    const classes = 3;
    const answer = Float32Array.from({ length: (4 + classes) * anchors }, (_, at) =>
      at < 4 * anchors ? (at * 7.3) % 320 : at % 100 === 0 ? 0.8 : 0.01,
    );
    const thresholds = { scores: [0.25, 0.25, 0.25], nms: { iou: 0.7, perClass: true }, most: 300 };
    print(
      `decode and suppress, ${anchors} anchors`,
      msOf(() => decodeYolo(answer, anchors, thresholds)),
      'ms',
    );
  }
}

function costOfStatistics(): void {
  const [width, height] = [320, 192];
  const frame = Uint8Array.from({ length: 3 * width * height }, (_, at) => (at * 31) % 256);
  print(
    'picture statistics, 320x180',
    msOf(() => pictureStatistics(frame, width, height, { x: 0, y: 6, width, height: 180 })),
    'ms',
  );
}

/** CPU milliseconds of one call, over many: the clock of a thread ticks coarsely. */
function msOf(work: () => unknown): number {
  const calls = 500;
  for (let n = 0; n < 100; n++) work();
  const before = process.threadCpuUsage();
  for (let n = 0; n < calls; n++) work();
  return cpuMs(process.threadCpuUsage(before)) / calls;
}

function cpuMs({ user, system }: NodeJS.CpuUsage): number {
  return (user + system) / 1_000;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function print(name: string, value: number, unit: string): void {
  console.log(JSON.stringify({ name: 'detect', case: name, value: Number(value.toPrecision(4)), unit }));
}
