/** A figure that a program of `bench/` printed. Processor time is that of one core of an AMD EPYC (Zen 5). */
export interface Measured {
  readonly value: number;
  readonly unit: 'ms' | 'bytes';
  readonly what: string;
  /** What prints it. */
  readonly command: string;
}

const PLAN = 'node bench/plan-costs.ts';
const FRAMES = 'node bench/frames-kafka.ts';
const OVERHEAD = 'node bench/site/overhead.ts';
const MEMORY = 'node bench/site/memory.ts';
const THROUGHPUT = 'node bench/site/throughput.ts';
const MIB = 2 ** 20;

/** What one thing costs, as measured: the only place where `ocelli plan` and docs/sizing.md have figures from. */
export const MEASURED = {
  decodeMegapixel: { value: 3.4, unit: 'ms', what: 'ffmpeg decodes and shrinks a million pixels of H.264', command: PLAN },
  inference: { value: 4.7, unit: 'ms', what: 'a worker looks at a frame of 320×192 with the starter model', command: THROUGHPUT },
  embeddedMain: { value: 1.0, unit: 'ms', what: 'main thread of a whole site in one process, a frame, at full load', command: THROUGHPUT },
  followed: {
    value: 0.3,
    unit: 'ms',
    what: 'a frame that was looked at becomes a record and is followed, in one process',
    command: OVERHEAD,
  },
  sendJpeg: { value: 1.8, unit: 'ms', what: 'a frame of 320×192 is sent as JPEG', command: FRAMES },
  sendJpegMain: { value: 0.6, unit: 'ms', what: '… of that in the main thread', command: FRAMES },
  sendRaw: { value: 2.0, unit: 'ms', what: 'a frame of 320×192 is sent raw', command: FRAMES },
  sendRawMain: { value: 1.0, unit: 'ms', what: '… of that in the main thread', command: FRAMES },
  receiveJpeg: { value: 1.5, unit: 'ms', what: 'a JPEG of 320×192 is received and decoded', command: FRAMES },
  receiveJpegMain: { value: 0.4, unit: 'ms', what: '… of that in the main thread', command: FRAMES },
  receiveRaw: { value: 0.8, unit: 'ms', what: 'a raw frame of 320×192 is received', command: FRAMES },
  receiveRawMain: { value: 0.3, unit: 'ms', what: '… of that in the main thread', command: FRAMES },
  jpegPixel: { value: 0.305, unit: 'bytes', what: 'a pixel of a frame as JPEG of quality 90', command: PLAN },
  detectionsRecord: { value: 1266, unit: 'bytes', what: 'a record of detections', command: PLAN },
  tracksRecord: { value: 1660, unit: 'bytes', what: 'a record of tracks', command: PLAN },
  stateOfCamera: { value: 4171, unit: 'bytes', what: 'the state of a camera', command: PLAN },
  process: { value: 256 * MIB, unit: 'bytes', what: 'memory of a process before its cameras', command: MEMORY },
  camera: { value: 46.2 * MIB, unit: 'bytes', what: 'memory of a camera: its ffmpeg and its buffers', command: MEMORY },
} as const satisfies Record<string, Measured>;
