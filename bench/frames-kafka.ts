/**
 * What frames cost on their way through Kafka, as one JSON line a case: node bench/frames-kafka.ts 127.0.0.1:9092
 * Makes topics of its own under the prefix `bench-…`, and deletes them. The frames are those of the holdout, as the starter model takes them.
 */
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { Kafka } from 'kafkajs';
import { findFfmpeg } from '../connectors/index.ts';
import { SystemClock } from '../engine/clock.ts';
import type { Frame } from '../engine/frames/frame.ts';
import type { Delivery } from '../engine/frames/frame-bus.ts';
import type { FrameEncoding } from '../engine/frames/frame-encoding.ts';
import { FrameWriter } from '../engine/frames/kafka/frame-writer.ts';
import { openFrameSinks, openFrameSource } from '../engine/frames/kafka-door.ts';
import { PixelPool } from '../engine/frames/pixel-pool.ts';
import type { LogReader } from '../engine/log/index.ts';
import { decodePicture } from '../engine/pictures/picture.ts';
import { decodePlanarJpeg } from '../engine/pictures/planar-jpeg.ts';
import type { Progress } from '../engine/records/place-rule.ts';
import { letterboxedFrame } from '../models/evaluation/letterboxed-frame.ts';
import { timeOf } from '../test/records.ts';

const [address = '127.0.0.1:9092'] = process.argv.slice(2);
const HOLDOUT = 'models/datasets/parcels-2026-11/holdout/images';
const MODEL = { width: 320, height: 192, pad: 114 };
const FRAME_BYTES = 3 * MODEL.width * MODEL.height;
const PICTURES = 40;
const FRAMES = 1_000;
const LATENCY_FRAMES = 200;
const LATENCY_EVERY_MS = 25;
const RECORDING: Delivery = { kind: 'recording', aheadFrames: 500 };
const ENCODINGS: readonly FrameEncoding[] = [{ encoding: 'raw' }, { encoding: 'jpeg', quality: 80 }, { encoding: 'jpeg', quality: 90 }];

const clock = new SystemClock();
const pool = new PixelPool(64 * 2 ** 20);
const pictures = await readPictures();

for (const encoding of ENCODINGS) {
  await codec(encoding);
  await bus(encoding);
}
ffmpegEncoder(await findFfmpeg());

/** The codec alone, one frame after another. */
async function codec(encoding: FrameEncoding): Promise<void> {
  const writer = new FrameWriter({ encoding, clock, pool, model: MODEL, sender: 1 });
  const written: Buffer[] = [];
  await measure('write', encoding, async (seq) => void written.push(await writer.write(frameAt(seq), RECORDING)));
  if (encoding.encoding === 'raw') return;
  const planar = new Uint8Array(FRAME_BYTES);
  const jpegs = written.map((bytes) => bytes.subarray(bytes.readUInt16BE(2)));
  await measure('decode', encoding, (seq) => decodePlanarJpeg(jpegs[seq % jpegs.length] as Buffer, MODEL, planar));
}

/** Through the broker: first all is sent, then all is read and decoded, then some with time between them. */
async function bus(encoding: FrameEncoding): Promise<void> {
  const settings = { brokers: [address], prefix: `bench-${randomUUID().slice(0, 8)}.`, partitions: 1, replicas: 1 };
  const parts = { settings, clock, pool, model: MODEL };
  try {
    let bytes = 0;
    const sinks = await openFrameSinks({
      ...parts,
      log: logThatHas(Number.MAX_SAFE_INTEGER),
      encoding,
      observer: { sent: (_, __, sent) => (bytes += sent) },
    });
    const sink = sinks.sink('bench', RECORDING);
    await measure('send', encoding, async (seq) => {
      await sink.room();
      sink.put(frameAt(seq));
    });
    sink.close();
    await sinks.close(10_000);
    tell('sent', encoding, { bytesPerFrame: bytes / FRAMES });
    const source = await openFrameSource({ ...parts, log: logThatHas(0) });
    const take = async () => {
      const [frame] = await source.take(1, 0, new AbortController().signal);
      if (frame?.type !== 'frame') throw new Error(`expected a frame, got ${frame?.type}`);
      source.done(frame);
      pool.giveBack(frame.pixels);
    };
    await take();
    await measure('read', encoding, take, FRAMES - 1);
    await latency(encoding, parts, take);
    await source.close();
  } finally {
    await removeTopics(settings.prefix);
  }
}

async function latency(
  encoding: FrameEncoding,
  parts: Omit<Parameters<typeof openFrameSinks>[0], 'log' | 'encoding'>,
  take: () => Promise<void>,
) {
  const sinks = await openFrameSinks({ ...parts, log: logThatHas(Number.MAX_SAFE_INTEGER), encoding });
  const sink = sinks.sink('bench', RECORDING);
  const took: number[] = [];
  for (let seq = 0; seq < LATENCY_FRAMES; seq += 1) {
    const began = clock.monotonic();
    sink.put(frameAt(FRAMES + seq));
    await take();
    took.push(clock.monotonic() - began);
    await new Promise<void>((resolve) => clock.after(LATENCY_EVERY_MS, resolve));
  }
  took.sort((a, b) => a - b);
  await sinks.close(1_000);
  tell('latency', encoding, { p50Ms: took[LATENCY_FRAMES / 2] ?? 0, p99Ms: took[Math.floor(LATENCY_FRAMES * 0.99)] ?? 0 });
}

/** What ffmpeg takes to make JPEGs of the same frames, less what it takes to hand them on as they are. */
function ffmpegEncoder({ path }: { readonly path: string }): void {
  const input = Buffer.concat(Array.from({ length: 500 }, (_, seq) => Buffer.from(gbr(pictures[seq % PICTURES] as Uint8Array))));
  const source = [
    '-v',
    'info',
    '-benchmark',
    '-threads',
    '1',
    '-f',
    'rawvideo',
    '-pix_fmt',
    'gbrp',
    '-s',
    `${MODEL.width}x${MODEL.height}`,
    '-i',
    'pipe:0',
  ];
  const cpuMs = (output: readonly string[]) => {
    const { stderr, stdout } = spawnSync(path, [...source, ...output, '-threads', '1', '-f', 'rawvideo', 'pipe:1'], {
      input,
      maxBuffer: 2 ** 30,
    });
    const [, user, system] = /utime=([\d.]+)s stime=([\d.]+)s/.exec(stderr.toString()) ?? [];
    return { ms: (1_000 * (Number(user) + Number(system))) / 500, bytes: stdout.length / 500 };
  };
  const plain = cpuMs(['-c:v', 'rawvideo']);
  for (const scale of [2, 3, 5]) {
    const jpeg = cpuMs(['-pix_fmt', 'yuvj420p', '-c:v', 'mjpeg', '-q:v', String(scale)]);
    console.log(
      JSON.stringify({
        bench: 'ffmpeg write',
        frames: `mjpeg -q:v ${scale}`,
        cpuMsPerFrame: jpeg.ms - plain.ms,
        bytesPerFrame: jpeg.bytes,
      }),
    );
  }
}

function gbr(rgb: Uint8Array): Uint8Array {
  const plane = rgb.length / 3;
  return Buffer.concat([rgb.subarray(plane, 2 * plane), rgb.subarray(2 * plane), rgb.subarray(0, plane)]);
}

function frameAt(seq: number): Frame {
  const pixels = pool.get(FRAME_BYTES);
  new Uint8Array(pixels).set(pictures[seq % PICTURES] as Uint8Array);
  return {
    ...{ type: 'frame', camera: 'bench', session: 1, seq, time: timeOf(seq), clock: 'recording', settings: 'f00d00000000' },
    ...{ arrivedMs: clock.monotonic(), decodedMs: 0, pixels },
    image: { width: 1920, height: 1080 },
    letterbox: { x: 0, y: 6, width: 320, height: 180 },
  };
}

/** Stands for a log whose detections reach to a place: only how far they reach is asked. */
function logThatHas(seq: number): LogReader {
  const reach = new Map<string, Progress>(seq === 0 ? [] : [['bench', { session: 1, seq, time: 0 }]]);
  const asked = { partitions: 1, partitionOf: () => 0, locate: async () => 0, progress: async () => reach, onCommit: () => () => {} };
  return asked as unknown as LogReader;
}

async function readPictures(): Promise<Uint8Array[]> {
  const files = (await readdir(HOLDOUT)).slice(0, PICTURES);
  return Promise.all(files.map(async (file) => letterboxedFrame(await decodePicture(await readFile(`${HOLDOUT}/${file}`)), MODEL).pixels));
}

async function measure(bench: string, encoding: FrameEncoding, work: (seq: number) => Promise<void>, frames = FRAMES): Promise<void> {
  const cpu = process.cpuUsage();
  const thread = process.threadCpuUsage();
  const began = performance.now();
  for (let seq = 0; seq < frames; seq += 1) await work(seq);
  const own = process.threadCpuUsage(thread);
  const seconds = (performance.now() - began) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  tell(bench, encoding, {
    framesPerSecond: frames / seconds,
    cpuMsPerFrame: (user + system) / 1_000 / frames,
    ofItEventLoopMs: (own.user + own.system) / 1_000 / frames,
  });
}

function tell(bench: string, encoding: FrameEncoding, figures: Record<string, number>): void {
  const frames = encoding.encoding === 'raw' ? 'raw' : `jpeg ${encoding.quality}`;
  const rounded = Object.entries(figures).map(([name, value]) => [name, Math.round(value * 1_000) / 1_000]);
  console.log(JSON.stringify({ bench, frames, ...Object.fromEntries(rounded) }));
}

async function removeTopics(prefix: string): Promise<void> {
  const admin = new Kafka({ brokers: [address], logLevel: 0 }).admin();
  await admin.connect();
  await admin.deleteTopics({ topics: [`${prefix}frames`, `${prefix}views`] });
  await admin.disconnect();
}
