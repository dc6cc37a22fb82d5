import type { DetectedObject } from '../records/record.ts';

/** What a detector answers to one frame. */
export interface Detected {
  /** Highest score first; boxes in 0…1 of the source picture. */
  readonly objects: readonly DetectedObject[];
  /** Statistics of the picture, when the detector made them for this frame. */
  readonly picture?: Readonly<Record<string, number>>;
  /** Milliseconds that the model and the reading of its answer took. */
  readonly inferredMs: number;
  /** The frame's pixels, given back so that the buffer can be used again. */
  readonly pixels: ArrayBuffer;
}
