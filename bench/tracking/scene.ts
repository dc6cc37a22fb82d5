import type { DetectedObject, ImageSize } from '../../engine/records/record.ts';

/** A box in pixels: left, top, width, height. */
export type PixelBox = readonly [left: number, top: number, width: number, height: number];

/** What is really there in one frame, and what a detector says of it. Identities are those of the scene, known to the scoring alone. */
export interface SceneFrame {
  /** Milliseconds since the scene began. */
  readonly time: number;
  readonly truth: readonly { readonly id: number; readonly box: PixelBox }[];
  readonly detections: readonly DetectedObject[];
}

/** A generated scene with its ground truth. */
export interface Scene {
  readonly name: string;
  readonly fps: number;
  readonly image: ImageSize;
  readonly frames: readonly SceneFrame[];
}
