import type { ErrorCode } from '../../engine/errors.ts';
import type { Letterbox } from '../../engine/frames/frame.ts';
import type { DetectedObject } from '../../engine/records/record.ts';
import type { Provider } from './detector-session.ts';
import type { LoadedModel } from './load-model.ts';
import type { PictureStatistics } from './picture-statistics.ts';

/** What a detect worker is started with. */
export interface WorkerSettings {
  readonly model: LoadedModel;
  readonly provider: Provider;
  /** Frames in one batch, at most. */
  readonly batch: number;
}

/** A worker's settings and the place where it finds the pixels of each question. */
export interface WorkerData extends WorkerSettings {
  /** Shared, since a buffer that is transferred back and forth has V8 mark the heaps of both threads again and again. */
  readonly pixels: SharedArrayBuffer;
  /** How many questions the worker has begun, an Int32: who finds it dead knows over which one. What it said last may be lost. */
  readonly begun: SharedArrayBuffer;
}

/** What the worker must know of a frame beside its pixels. */
export interface FrameFacts {
  readonly letterbox: Letterbox;
  /** Make statistics of the picture as well. */
  readonly statistics: boolean;
}

/** Questions that a worker may have at once: while it answers one, the next lies ready, so that it need not wait for who asks. */
export const QUESTIONS = 2;

/** To the worker: their pixels lie one after the other in the shared buffer, where nobody touches them until the answer. */
export interface Question {
  /** Where in the shared buffer the first frame begins, in bytes. */
  readonly at: number;
  readonly frames: readonly FrameFacts[];
}

/** For one frame: what was seen, or why it could not be looked at. */
export type FrameAnswer =
  | { readonly objects: readonly DetectedObject[]; readonly picture: PictureStatistics | undefined }
  | { readonly failure: string };

/** From the worker. The first message is `ready` or `refused`, then one `answer` for each question, in their order. */
export type WorkerMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'refused'; readonly code: ErrorCode; readonly sentence: string }
  | { readonly type: 'answer'; readonly answers: readonly FrameAnswer[]; readonly inferredMs: number };
