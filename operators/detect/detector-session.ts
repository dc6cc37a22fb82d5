import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { InferenceSession } from 'onnxruntime-node';
import { OcelliError, sentenceOf } from '../../engine/errors.ts';
import { frameBytesOf } from './detector-graph.ts';
import type { LoadedModel } from './load-model.ts';

/** Where a model runs. `cuda` needs an NVIDIA GPU, and the libraries that the install script of onnxruntime-node fetches. */
export type Provider = 'cpu' | 'cuda';

/** The model's answer to a batch: for each frame `4 + classes` rows of `anchors` values. */
export interface Answers {
  readonly anchors: number;
  of(frame: number): Float32Array;
}

/** The door to onnxruntime: one session of one thread. */
export class DetectorSession {
  private readonly model: LoadedModel;
  private readonly session: InferenceSession;
  private readonly ort: typeof import('onnxruntime-node');
  /** For models with float input; used again. */
  private floats = new Float32Array(0);

  private constructor(model: LoadedModel, session: InferenceSession, ort: typeof import('onnxruntime-node')) {
    this.model = model;
    this.session = session;
    this.ort = ort;
  }

  /** Loads the model by path, after a last look that the file is still the one that was judged. Throws MODEL_INVALID, or CONFIG_INVALID where CUDA is wanted and missing. */
  static async open(model: LoadedModel, provider: Provider): Promise<DetectorSession> {
    await checkUnchanged(model);
    const ort = await import('onnxruntime-node');
    ort.env.logLevel = 'fatal'; // What fails comes as an exception; onnxruntime need not print it as well.
    const session = await ort.InferenceSession.create(model.file, sessionOptions(provider)).catch((error: unknown) => {
      throw provider === 'cuda' ? withoutCuda(model, error) : unopened(model, error);
    });
    return new DetectorSession(model, session, ort);
  }

  /** Bytes of one frame of the model's size. */
  get frameBytes(): number {
    return frameBytesOf(this.model.graph);
  }

  /** Runs once on grey frames, so that the first real frame is not the slow one, and checks the shape of the answer. Throws MODEL_INVALID. */
  async warmUp(frames: number): Promise<void> {
    const grey = new Uint8Array(frames * this.frameBytes).fill(this.model.input.pad);
    await this.run(grey, frames).catch((error: unknown) => {
      throw new OcelliError('MODEL_INVALID', `model ${this.model.file}: fails on a grey frame: ${sentenceOf(error)}`, { cause: error });
    });
  }

  /** `pixels` holds `frames` planar RGB frames of the model's size, one after the other. Blocks its thread while the model runs. */
  async run(pixels: Uint8Array, frames: number): Promise<Answers> {
    const { inputName, outputName } = this.model.graph;
    const output = (await this.session.run({ [inputName]: this.tensorOf(pixels, frames) }))[outputName];
    const rows = 4 + this.model.classes.length;
    const [answered = 0, answeredRows, anchors = 0] = output?.dims ?? [];
    if (!(output?.data instanceof Float32Array) || answeredRows !== rows || answered < frames) {
      throw new RangeError(`it answered [${output?.dims.join(', ')}] to ${frames} frames, expected [${frames}, ${rows}, anchors]`);
    }
    const { data } = output;
    return { anchors, of: (frame) => data.subarray(frame * rows * anchors, (frame + 1) * rows * anchors) };
  }

  async close(): Promise<void> {
    await this.session.release();
  }

  private tensorOf(pixels: Uint8Array, frames: number) {
    const { inputType, fixedBatch, width, height } = this.model.graph;
    const shape = [fixedBatch ?? frames, 3, height, width];
    const bytes = filledUp(pixels, (fixedBatch ?? frames) * this.frameBytes);
    return inputType === 'uint8' ? new this.ort.Tensor('uint8', bytes, shape) : new this.ort.Tensor('float32', this.scaled(bytes), shape);
  }

  /** YOLO exports with float input expect 0…1. */
  private scaled(bytes: Uint8Array): Float32Array {
    if (this.floats.length !== bytes.length) this.floats = new Float32Array(bytes.length);
    for (let index = 0; index < bytes.length; index++) this.floats[index] = (bytes[index] as number) / 255;
    return this.floats;
  }
}

/** A graph with a fixed batch wants all of it, also when there are fewer frames. */
function filledUp(pixels: Uint8Array, length: number): Uint8Array {
  if (pixels.length >= length) return pixels.subarray(0, length);
  const whole = new Uint8Array(length);
  whole.set(pixels);
  return whole;
}

/** Two workers of one thread each do up to 1.45 times the work of one session with two threads (measured on two cores). */
function sessionOptions(provider: Provider): InferenceSession.SessionOptions {
  const fatalOnly = 4;
  return { executionProviders: [provider], intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: fatalOnly };
}

function unopened({ file }: LoadedModel, cause: unknown): OcelliError {
  return new OcelliError('MODEL_INVALID', `model ${file}: onnxruntime cannot open it: ${sentenceOf(cause)}`, { cause, file });
}

function withoutCuda({ file }: LoadedModel, cause: unknown): OcelliError {
  const sentence = 'provider: cuda was asked for, but the onnxruntime that is installed cannot use CUDA here';
  const advice =
    'Take provider: cpu; or, on Linux x64 with an NVIDIA GPU, CUDA 12 and cuDNN 9, have its CUDA libraries fetched: ' +
    'ONNXRUNTIME_NODE_INSTALL=cuda12 npm rebuild onnxruntime-node';
  return new OcelliError('CONFIG_INVALID', `${sentence}: ${sentenceOf(cause)}. ${advice}.`, { cause, file });
}

/** A worker that is replaced hours later must not load another model under the old name. */
async function checkUnchanged({ file, provenance }: LoadedModel): Promise<void> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new OcelliError('MODEL_INVALID', `model ${file}: cannot be read any more: ${sentenceOf(error)}`, { cause: error, file });
  });
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 === provenance.sha256) return;
  const sentence = `it changed while in use: SHA-256 was ${provenance.sha256}, is ${sha256}; start again to use the new file`;
  throw new OcelliError('MODEL_INVALID', `model ${file}: ${sentence}.`, { file });
}
