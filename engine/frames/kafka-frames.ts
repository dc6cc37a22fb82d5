import type { Clock } from '../clock.ts';
import type { KafkaSettings } from '../log/kafka/kafka-settings.ts';
import type { LogReader } from '../log/log.ts';
import type { ImageSize } from '../records/record.ts';
import type { Frame } from './frame.ts';
import type { FrameBus, FrameSource } from './frame-bus.ts';
import type { FrameEncoding } from './frame-encoding.ts';
import type { PixelPool } from './pixel-pool.ts';

/**
 * The frame bus of the distributed deployment: topic `<prefix>frames` in the Kafka of the log, and its two ends in two processes. Each
 * end is what the part beside it knows from the bus in one process (`frame-bus.ts`), so connectors and the detect stage run unchanged.
 * What differs:
 *
 * - An end is opened, closed, and can fail for good; `close` of the bus alone is gone, since nobody sees both ends.
 * - A recording is held back by what the log says is looked at, not by `done`, which is said in another process.
 * - `put` copies nothing and encodes later: the sink owns the pixels, also those of the view, and gives them back to the pool.
 */

/** What both ends need. */
export interface KafkaFramesOptions {
  /** The Kafka of the log: its brokers, user, prefix and replicas. */
  readonly settings: KafkaSettings;
  /**
   * The log of the site. A camera's frames lie in the partition with the number of its detections, so cameras are assigned (`Log.assign`)
   * before their sinks are made; and how far `detections` reach says what is looked at already.
   */
  readonly log: LogReader;
  readonly clock: Clock;
  /** Pixels come from here and go back here. */
  readonly pool: PixelPool;
  /** The model's input, in pixels. */
  readonly model: ImageSize;
}

export interface FrameSinksOptions extends KafkaFramesOptions {
  readonly encoding: FrameEncoding;
  readonly observer?: FrameSinksObserver;
}

/** Told of what the connecting end does; for metrics. Be quick, never throw. */
export interface FrameSinksObserver {
  /** A batch is in Kafka. */
  sent?(partition: number, frames: number, bytes: number): void;
  /** Kafka does not answer; live cameras lose frames (gap `broker`), recordings wait. */
  away?(partition: number, error: unknown): void;
  /** Kafka answers again, and what was held is written. */
  back?(partition: number): void;
}

/** The connecting end, in a process of the role connect. */
export interface FrameSinks extends Pick<FrameBus, 'sink'> {
  /** Rejects when what was put cannot be written and trying again will not help; never resolves. */
  readonly failed: Promise<never>;
  /** Writes what was put, then closes; gives up what is not written within `withinMs`. Close the sinks of the cameras first. */
  close(withinMs: number): Promise<void>;
}

export interface FrameSourceOptions extends KafkaFramesOptions {
  /** A member that says nothing for so long has lost its partitions; default 6 s. */
  readonly sessionTimeoutMs?: number;
  readonly observer?: FrameSourceObserver;
}

/** Told of what the detecting end does; for metrics. Be quick, never throw. */
export interface FrameSourceObserver {
  /** This process has these partitions from now on. */
  assigned?(partitions: readonly number[]): void;
  /** A frame that cannot be decoded, or has another size than the model's input; it becomes a gap `decode`. */
  undecodable?(frame: Pick<Frame, 'camera' | 'session' | 'seq'>, error: unknown): void;
  /** A record of a camera that is neither frame nor gap nor mark, or of another version; its place is told as `lost`. */
  unreadable?(camera: string, error: unknown): void;
  /** Kafka does not answer; it is tried again. */
  away?(error: unknown): void;
}

/**
 * The detecting end, in a process of the role detect: a member of the group `<prefix>detect`.
 *
 *   taking ◀──partitions come and go──▶ taking ──stop──▶ take comes back empty ──close──▶ left
 *
 * `done` of an item whose partition was taken away does nothing: somebody else looks at it too, and what is recorded twice is dropped by
 * place. To end: `stop`, wait until the detect stage has run out (`DetectStage.run` resolves), `close`.
 */
export interface KafkaFrameSource extends FrameSource {
  /** Rejects when frames can no longer be had and trying again will not help; never resolves. */
  readonly failed: Promise<never>;
  /** What this process has now. */
  facts(): FrameSourceFacts;
  /** Takes nothing more: what waits here is left to others. */
  stop(): void;
  /** Keeps how far everything is answered, leaves the group, closes the connections. */
  close(): Promise<void>;
}

export interface FrameSourceFacts {
  /** `lag`: records between what is answered and the end of the partition, as last heard. */
  readonly partitions: readonly { readonly partition: number; readonly lag: number }[];
}
