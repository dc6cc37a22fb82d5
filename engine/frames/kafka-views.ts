import type { Clock } from '../clock.ts';
import type { KafkaSettings } from '../log/kafka/kafka-settings.ts';
import type { LogReader } from '../log/log.ts';
import type { FrameSink } from './frame-bus.ts';
import type { PixelPool } from './pixel-pool.ts';
import type { ViewStore } from './view-store.ts';

/**
 * Pictures for people in the distributed deployment: topic `<prefix>views`, JPEGs, only of cameras that somebody watches. Who watches
 * holds the lease `watch/<camera>`; several who watch the same camera take turns at holding it.
 */

/** What is needed of the leases of the site (`engine/state/leases.ts`). */
export interface WatchLeases {
  acquire(name: string, ttlMs: number): Promise<{ renew(): Promise<boolean>; release(): Promise<void> } | undefined>;
  list(names: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

export interface KafkaViewsOptions {
  readonly settings: KafkaSettings;
  readonly log: LogReader;
  readonly leases: WatchLeases;
  readonly clock: Clock;
  readonly pool: PixelPool;
  /** What went wrong and is tried again. */
  readonly onTrouble?: (error: unknown) => void;
}

/** In a process of the role connect. Views may be lost: nothing waits for them, and nothing is tried again. */
export interface ViewSender {
  /**
   * A sink in front of `sink` that takes the view out of each frame, sends it when the camera is watched, and gives its pixels back to
   * the pool.
   */
  sending(sink: FrameSink): FrameSink;
  close(): Promise<void>;
}

/** In a process of the role serve: puts the views of watched cameras into a store, where the live view finds them by place. */
export interface ViewReceiver {
  /** Begins to watch a camera; the returned function ends it. Watching twice is watching until both have ended. */
  watch(camera: string): () => void;
  close(): Promise<void>;
}

export interface ViewReceiverOptions extends KafkaViewsOptions {
  readonly views: ViewStore;
}
