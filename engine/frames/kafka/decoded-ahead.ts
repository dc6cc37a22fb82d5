import type { Clock } from '../../clock.ts';
import type { ImageSize } from '../../records/record.ts';
import type { BusItem, Frame } from '../frame.ts';
import { gapOf } from '../gap-run.ts';
import type { FrameSourceObserver } from '../kafka-frames.ts';
import type { PixelPool } from '../pixel-pool.ts';
import type { FrameInbox, WaitingItem } from './frame-inbox.ts';
import type { WaitingFrame } from './waiting-frame.ts';

export interface DecodedAheadOptions {
  readonly inbox: FrameInbox;
  readonly clock: Clock;
  readonly pool: PixelPool;
  readonly model: ImageSize;
  readonly observer: FrameSourceObserver;
}

interface Decoded {
  readonly waiting: WaitingItem;
  readonly item: BusItem;
}

/**
 * Takes items out of the inbox with their pixels decoded, one batch ahead: while the detect stage looks at one, the next is decoded, so
 * that no worker waits for it. A live frame that became too old meanwhile is given as a gap.
 */
export class DecodedAhead {
  private readonly options: DecodedAheadOptions;
  private ahead: Promise<readonly Decoded[]> | undefined;

  constructor(options: DecodedAheadOptions) {
    this.options = options;
  }

  /** As `FrameSource.take`. */
  async take(frames: number, waitMs: number, signal: AbortSignal): Promise<readonly BusItem[]> {
    const ahead = this.ahead;
    this.ahead = undefined;
    let decoded = (await ahead) ?? [];
    // What was begun under the signal of an earlier call may have been given up.
    if (decoded.length === 0) decoded = await this.next(frames, waitMs, signal);
    if (decoded.length > 0) this.ahead = this.next(frames, waitMs, signal);
    return decoded.map((one) => this.fresh(one));
  }

  /** What is decoded already is given up: it was never handed out. */
  drop(): void {
    this.ahead = undefined;
  }

  private async next(frames: number, waitMs: number, signal: AbortSignal): Promise<readonly Decoded[]> {
    const items = await this.options.inbox.take(frames, waitMs, signal);
    return Promise.all(items.map(async (waiting) => ({ waiting, item: waiting.type === 'frame' ? await this.decode(waiting) : waiting })));
  }

  private async decode(frame: WaitingFrame): Promise<BusItem> {
    const { model, pool, observer } = this.options;
    try {
      return await frame.decode(model, pool);
    } catch (error) {
      observer.undecodable?.(frame, error);
      return gapOf(frame, 'decode');
    }
  }

  private fresh({ waiting, item }: Decoded): BusItem {
    if (waiting.type !== 'frame' || item.type !== 'frame' || !this.isStale(waiting)) return item;
    this.options.pool.giveBack((item satisfies Frame).pixels);
    return gapOf(item, 'stale');
  }

  private isStale({ freshnessMs, arrivedMs }: WaitingFrame): boolean {
    return freshnessMs > 0 && this.options.clock.monotonic() - arrivedMs > freshnessMs;
  }
}
