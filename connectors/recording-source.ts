import type { DecodeInput } from './ffmpeg/arguments.ts';

/** One run of ffmpeg over a part of a recording. */
export interface Segment {
  readonly input: DecodeInput;
  /** Where this part begins: whole frames before it (images only). */
  readonly framesBefore: number;
  /** How many frames it must have, where that is known (images). */
  readonly frames?: number;
}

/** What is read once from the beginning to the end: a video file, or a folder of images. */
export interface RecordingSource {
  /** Changes when the content behind the name changes. Throws CAMERA_NOT_FOUND or CAMERA_LOCAL. */
  fingerprint(): Promise<string>;
  open(): Promise<readonly Segment[]>;
  close(): Promise<void>;
}
