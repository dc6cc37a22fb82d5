import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Clock } from '../../engine/clock.ts';
import { OcelliError } from '../../engine/errors.ts';
import type { Frame } from '../../engine/frames/frame.ts';
import { frameBytesOf } from './detector-graph.ts';
import {
  type FrameAnswer,
  type FrameFacts,
  QUESTIONS,
  type Question,
  type WorkerData,
  type WorkerMessage,
  type WorkerSettings,
} from './worker-messages.ts';

/** What a worker says about a batch: one answer for each frame, in the same order. */
export interface BatchAnswer {
  readonly answers: readonly FrameAnswer[];
  readonly inferredMs: number;
}

export interface WorkerClientOptions {
  readonly clock: Clock;
  /** A worker that does not answer within this is taken for hung. */
  readonly answerWithinMs: number;
  /** The thread's program; tests put a faulty one in its place. */
  readonly program?: URL;
}

const START_WITHIN_MS = 60_000;
const CLOSE_WITHIN_MS = 3_000;
/** The extension follows this file's: TypeScript in the repository, JavaScript in the package. */
const PROGRAM = new URL(`./detect-worker${extname(import.meta.url)}`, import.meta.url);

/** What a question is rejected with when its worker died over another one: it can be asked of another worker. */
export const ASK_ANOTHER = new OcelliError('OPERATOR_FAILED', 'detect: the detect worker ended over another question.');

/** What the worker has yet to say, in the order in which it will. */
interface Waiting {
  /** Which question it answers, from 1 on; 0 for the word that it is ready. */
  readonly number: number;
  /** Counted from when nothing else is before it. */
  readonly withinMs: number;
  resolve(message: WorkerMessage): void;
  reject(error: unknown): void;
}

/**
 * One worker thread as seen from outside.
 *
 *   starting ──ready──▶ idle ──look──▶ busy (1 or 2 questions) ──last answer──▶ idle
 *      │                  │              │
 *   refused, exit        exit      exit, too late
 *      ▼                  ▼              ▼
 *   (open throws)        dead ◀──────────┘
 *
 * A thread is never terminated: that aborts the whole process when the model is running. A hung one is told to close and left alone.
 * Pixels are copied into a buffer that is shared with the worker; frames stay whole when a worker dies.
 */
export class WorkerClient {
  private readonly worker: Worker;
  private readonly settings: WorkerSettings;
  private readonly options: WorkerClientOptions;
  private readonly ended: Promise<void>;
  private readonly pixels: SharedArrayBuffer;
  /** Where the pixels of one more question have room, in bytes. */
  private readonly room: number[];
  private readonly begun: Int32Array;
  private readonly waiting: Waiting[] = [];
  private asked = 0;
  private cancelAlarm = () => {};
  private over = false;

  private constructor(worker: Worker, { pixels, begun, ...settings }: WorkerData, options: WorkerClientOptions) {
    this.worker = worker;
    this.pixels = pixels;
    this.begun = new Int32Array(begun);
    this.settings = settings;
    this.room = Array.from({ length: QUESTIONS }, (_, n) => (n * pixels.byteLength) / QUESTIONS);
    this.options = options;
    this.ended = new Promise((resolve) => worker.once('exit', () => resolve()));
    worker.on('message', (message: WorkerMessage) => this.hear(message));
    worker.on('error', (error) => this.die(failed(`a detect worker ended by an error: ${error.message}`, error)));
    worker.on('exit', (code) => this.die(failed(`a detect worker ended with code ${code}`)));
  }

  /** Starts a thread; resolves when the model is loaded and warm. Throws MODEL_INVALID when it cannot be. */
  static async open(settings: WorkerSettings, options: WorkerClientOptions): Promise<WorkerClient> {
    const pixels = new SharedArrayBuffer(QUESTIONS * settings.batch * frameBytesOf(settings.model.graph));
    const data: WorkerData = { ...settings, pixels, begun: new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT) };
    const worker = new Worker(options.program ?? PROGRAM, { workerData: data, name: 'ocelli-detect' });
    const client = new WorkerClient(worker, data, options);
    await client.wait(START_WITHIN_MS);
    return client;
  }

  /** True when it can be asked no more. */
  get dead(): boolean {
    return this.over;
  }

  /**
   * Has a batch of frames of the model's size looked at; `QUESTIONS` batches at once. Rejects with OPERATOR_FAILED when the worker dies or
   * hangs, with `ASK_ANOTHER` when it does so over another batch.
   */
  async look(frames: readonly Frame[]): Promise<BatchAnswer> {
    const at = this.room.pop();
    if (this.over || at === undefined) throw failed(this.over ? 'a detect worker has ended' : 'a detect worker was asked too much at once');
    try {
      const message = await this.ask(frames, at);
      if (message.type !== 'answer') throw failed(`a detect worker said "${message.type}" instead of an answer`);
      return message;
    } finally {
      this.room.push(at);
    }
  }

  /** Lets it finish and waits for its end, not longer than some seconds: what hangs inside the model cannot be stopped from outside. */
  async close(): Promise<void> {
    this.worker.postMessage('close');
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = this.options.clock.after(CLOSE_WITHIN_MS, resolve);
    await Promise.race([this.ended, promise]);
    cancel();
    this.over = true;
  }

  private ask(frames: readonly Frame[], at: number): Promise<WorkerMessage> {
    const frameBytes = frameBytesOf(this.settings.model.graph);
    for (const [index, { pixels }] of frames.entries()) {
      new Uint8Array(this.pixels, at + index * frameBytes, frameBytes).set(new Uint8Array(pixels));
    }
    const facts = frames.map(({ letterbox, statistics = false }): FrameFacts => ({ letterbox, statistics }));
    this.worker.postMessage({ at, frames: facts } satisfies Question);
    this.asked += 1;
    return this.wait(this.options.answerWithinMs);
  }

  private wait(withinMs: number): Promise<WorkerMessage> {
    const { promise, resolve, reject } = Promise.withResolvers<WorkerMessage>();
    this.waiting.push({ number: this.asked, withinMs, resolve, reject });
    if (this.waiting.length === 1) this.setAlarm();
    return promise;
  }

  private hear(message: WorkerMessage): void {
    if (message.type === 'refused') this.die(new OcelliError(message.code, message.sentence));
    this.waiting.shift()?.resolve(message);
    this.setAlarm();
  }

  private setAlarm(): void {
    this.cancelAlarm();
    const [first] = this.waiting;
    this.cancelAlarm = first === undefined ? () => {} : this.options.clock.after(first.withinMs, () => this.abandon(first));
  }

  private abandon({ number, withinMs }: Waiting): void {
    this.worker.postMessage('close');
    const sentence = `a detect worker gave no answer for ${withinMs / 1000} s; it is replaced, and ends by itself when its model comes back`;
    this.die(failed(sentence), number);
  }

  /** `over`: the question that it died over; what it said before may not have come. */
  private die(error: OcelliError, over = Atomics.load(this.begun, 0)): void {
    this.over = true;
    this.cancelAlarm();
    for (const { number, reject } of this.waiting.splice(0)) reject(number === over ? error : ASK_ANOTHER);
  }
}

function failed(sentence: string, cause?: unknown): OcelliError {
  return new OcelliError('OPERATOR_FAILED', `detect: ${sentence}.`, { cause });
}
