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

/** What the worker must know of a frame beside its pixels. */
export interface FrameFacts {
  readonly letterbox: Letterbox;
  /** Make statistics of the picture as well. */
  readonly statistics: boolean;
}

/** To the worker: the frames' pixels one after the other in one buffer, which is transferred and comes back with the answer. */
export interface Question {
  readonly pixels: ArrayBuffer;
  readonly frames: readonly FrameFacts[];
}

/** For one frame: what was seen, or why it could not be looked at. */
export type FrameAnswer =
  | { readonly objects: readonly DetectedObject[]; readonly picture: PictureStatistics | undefined }
  | { readonly failure: string };

/** From the worker. The first message is `ready` or `refused`, then one `answer` for each question. */
export type WorkerMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'refused'; readonly code: ErrorCode; readonly sentence: string }
  | { readonly type: 'answer'; readonly pixels: ArrayBuffer; readonly answers: readonly FrameAnswer[]; readonly inferredMs: number };
