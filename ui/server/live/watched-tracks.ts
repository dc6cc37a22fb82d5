import type { Clock } from '../../../engine/clock.ts';
import type { LogReader } from '../../../engine/log/log.ts';
import type { Logger } from '../../../engine/observe/logger.ts';
import type { RecordOf } from '../../../engine/records/topic.ts';
import { TopicTail } from './topic-tail.ts';
import type { TracksFeed } from './tracks-feed.ts';

/** Who leaves a page often comes back at once; a page that asks again and again asks more often than this. */
const LINGER_MS = 10_000;
/** A camera that was just added gets its place in the log when somebody connects it. */
const LOOK_AGAIN_MS = 1_000;

export interface WatchedTracksOptions {
  readonly log: LogReader;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onRecord: (record: RecordOf<'tracks'>) => void;
  /** Has pictures of a camera sent here; the returned function ends it. */
  readonly watchViews: (camera: string) => () => void;
}

/** What is followed for somebody; it goes on a while after the last one has gone. */
interface Followed {
  end(): unknown;
  cancelEnd: (() => void) | undefined;
}

/**
 * Follows the partitions of cameras that somebody watches or asks about, and has the pictures of those sent that somebody watches. What
 * nobody looks at costs this process, Kafka and the cameras’ processes nothing.
 *
 *   resting ──watched, asked for──▶ followed ──nobody any more, 10 s──▶ resting
 */
export class WatchedTracks implements TracksFeed {
  private readonly options: WatchedTracksOptions;
  private readonly tails = new Map<number, Followed>();
  private readonly views = new Map<string, Followed>();
  private readonly stopping = new Set<Promise<void>>();
  private watched: ReadonlySet<string> = new Set();
  private readonly homes = new Map<string, number>();
  private readonly cancelLook = new Map<string, () => void>();
  private stopped = false;

  constructor(options: WatchedTracksOptions) {
    this.options = options;
  }

  watch(cameras: ReadonlySet<string>): void {
    this.watched = cameras;
    for (const camera of cameras) void this.follow(camera);
    this.letGo();
  }

  asked(camera: string): void {
    if (!this.watched.has(camera)) void this.follow(camera).then(() => this.letGo());
  }

  async stop(): Promise<void> {
    this.stopped = true;
    for (const cancel of this.cancelLook.values()) cancel();
    for (const { end, cancelEnd } of [...this.tails.values(), ...this.views.values()]) {
      cancelEnd?.();
      end();
    }
    await Promise.all(this.stopping);
  }

  private async follow(camera: string): Promise<void> {
    const home = this.homes.get(camera) ?? (await this.locate(camera));
    if (this.stopped) return;
    if (home === undefined) return this.lookAgain(camera);
    this.homes.set(camera, home);
    this.tails.set(home, this.kept(this.tails.get(home)) ?? this.tail(home));
    if (this.watched.has(camera)) this.views.set(camera, this.kept(this.views.get(camera)) ?? this.view(camera));
  }

  /** A log that is away is told by whoever reads it. */
  private async locate(camera: string): Promise<number | undefined> {
    return this.options.log.locate(camera).catch(() => undefined);
  }

  private lookAgain(camera: string): void {
    if (this.cancelLook.has(camera)) return;
    const cancel = this.options.clock.after(LOOK_AGAIN_MS, () => {
      this.cancelLook.delete(camera);
      if (this.watched.has(camera)) void this.follow(camera);
    });
    this.cancelLook.set(camera, cancel);
  }

  private view(camera: string): Followed {
    return { end: this.options.watchViews(camera), cancelEnd: undefined };
  }

  private tail(partition: number): Followed {
    const { log, clock, logger, onRecord } = this.options;
    const tail = new TopicTail({ log, topic: 'tracks', partitions: [partition], clock, logger, onRecord });
    const end = () => {
      const stopped = tail.stop().finally(() => this.stopping.delete(stopped));
      this.stopping.add(stopped);
    };
    return { end, cancelEnd: undefined };
  }

  private kept(followed: Followed | undefined): Followed | undefined {
    followed?.cancelEnd?.();
    if (followed !== undefined) followed.cancelEnd = undefined;
    return followed;
  }

  /** Ends, in a while, what nobody watches by then. */
  private letGo(): void {
    const homes = new Set([...this.watched].map((camera) => this.homes.get(camera)));
    for (const [partition, tail] of this.tails) if (!homes.has(partition)) this.endLater(this.tails, partition, tail);
    for (const [camera, view] of this.views) if (!this.watched.has(camera)) this.endLater(this.views, camera, view);
  }

  private endLater<K>(all: Map<K, Followed>, key: K, followed: Followed): void {
    followed.cancelEnd ??= this.options.clock.after(LINGER_MS, () => {
      all.delete(key);
      followed.end();
    });
  }
}
