import type { GapRecord, ImageSize, MarkRecord } from '../records/record.ts';

/** Where the picture lies inside the model's frame, in pixels of the frame: fitted inside, centred, the rest is grey. */
export interface Letterbox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A picture for people: packed RGB, 3 bytes a pixel. */
export interface View extends ImageSize {
  readonly pixels: Uint8Array<ArrayBuffer>;
}

/** One frame on its way to the model. Whoever takes it owns its pixels and gives them back to the pool that they came from. */
export interface Frame {
  readonly type: 'frame';
  readonly camera: string;
  readonly session: number;
  readonly seq: number;
  /** Event time and its clock, as in the record. */
  readonly time: number;
  readonly clock: 'arrival' | 'recording';
  /** When its first packet came, by the monotonic clock (of a recording: when it was decoded): freshness is counted from here. */
  readonly arrivedMs: number;
  /** Milliseconds from there until it was put on the bus with its pixels; 0 for a recording. */
  readonly decodedMs: number;
  /** True for the first frame of each second of event time: the picture itself is measured, too. */
  readonly statistics?: boolean;
  /** Hash of the settings in force, as in the `settings` mark before it. */
  readonly settings: string;
  /** The source picture. */
  readonly image: ImageSize;
  readonly letterbox: Letterbox;
  /** Planar RGB `uint8` of the model's size: all red, then all green, then all blue. Transferable. */
  readonly pixels: ArrayBuffer;
  readonly view?: View;
}

/** Everything that a connector says about a camera goes through the frame bus in one order. */
export type BusItem = Frame | GapRecord | MarkRecord;
