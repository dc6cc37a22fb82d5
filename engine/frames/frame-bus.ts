import type { BusItem } from './frame.ts';

/** Live: the newest frame replaces the waiting one, nothing waits. Recording: nothing is shed, the reader waits. */
export type Delivery =
  | { readonly kind: 'live'; readonly freshnessMs: number }
  | { readonly kind: 'recording'; readonly aheadFrames: number };

/** The connector's end. Items of a camera are put in the order of their places. */
export interface FrameSink {
  /** Never blocks. For a live camera a frame that still waits becomes a gap in its place. */
  put(item: BusItem): void;
  /** Resolves when there is room for another frame; at once for a live camera. */
  room(): Promise<void>;
  /** No further items; what was put is still delivered. */
  close(): void;
}

/** The detect stage's end. */
export interface FrameSource {
  /**
   * The next items in fair turn over the cameras, in order for each: at most `frames` frames, and whatever gaps and marks are due.
   * Waits until there is one item, and then at most `waitMs` for more frames. Empty after the signal, and when the bus is closed and
   * nothing is left.
   */
  take(frames: number, waitMs: number, signal: AbortSignal): Promise<readonly BusItem[]>;
  /** Everything of this camera up to this item is committed in the log: a recording may read on. */
  done(item: BusItem): void;
}

/** Between connectors and detection. Implementations share `test/suites/frame-bus.suite.ts`. */
export interface FrameBus {
  sink(camera: string, delivery: Delivery): FrameSink;
  source(): FrameSource;
  /** Nothing more will be put. What waits is still delivered, at once. */
  close(): void;
}
