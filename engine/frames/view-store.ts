import type { Clock } from '../clock.ts';
import { type Place, recordId } from '../records/place.ts';
import type { Frame, View } from './frame.ts';
import type { FrameSink } from './frame-bus.ts';
import type { PixelPool } from './pixel-pool.ts';

/** A view that somebody works with: its pixels stay until `release`, which must be called exactly once. */
export interface BorrowedView {
  readonly view: View;
  readonly place: Place;
  readonly time: number;
  readonly clock: Frame['clock'];
  /** When its frame came out of the decoder, by the monotonic clock. */
  readonly arrivedMs: number;
  release(): void;
}

interface Kept extends Omit<BorrowedView, 'release'> {
  readonly camera: string;
  readonly view: View;
  users: number;
  dropped: boolean;
}

interface Options {
  readonly clock: Clock;
  readonly pool: PixelPool;
  /** How long a view is kept; default one second. */
  readonly keepMs?: number;
  /** At most so much is kept for all cameras together, the oldest given up first; default 512 MiB. */
  readonly limitBytes?: number;
}

/**
 * The last second of pictures for people, by the place of their frame. Views are put as frames go onto the bus, so that a view is here
 * before its record is written; whoever reads the record finds the picture of exactly that frame. Owns the pixels and gives them back to
 * the pool when the last user is done.
 */
export class ViewStore {
  private readonly clock: Clock;
  private readonly pool: PixelPool;
  private readonly keepMs: number;
  private readonly limitBytes: number;
  /** In the order of arrival: the first is the oldest. */
  private readonly kept = new Map<string, Kept>();
  private readonly newest = new Map<string, Kept>();
  private keptBytes = 0;

  constructor({ clock, pool, keepMs = 1000, limitBytes = 512 * 2 ** 20 }: Options) {
    this.clock = clock;
    this.pool = pool;
    this.keepMs = keepMs;
    this.limitBytes = limitBytes;
  }

  /** What is kept now. */
  get bytes(): number {
    return this.keptBytes;
  }

  /** A sink that keeps the view of every frame on its way to the given one. */
  keeping(sink: FrameSink): FrameSink {
    return {
      put: (item) => {
        if (item.type === 'frame') this.put(item);
        sink.put(item);
      },
      room: () => sink.room(),
      close: () => sink.close(),
    };
  }

  put({ camera, session, seq, time, clock, arrivedMs, view }: Frame): void {
    if (view === undefined) return;
    const entry = { camera, view, place: { session, seq }, time, clock, arrivedMs, users: 0, dropped: false };
    this.kept.set(recordId(camera, entry.place), entry);
    this.newest.set(camera, entry);
    this.keptBytes += view.pixels.byteLength;
    this.giveUpOld();
  }

  /** The view of the frame at a place; `undefined` when it had none, or when it was longer ago than is kept. */
  borrow(camera: string, place: Place): BorrowedView | undefined {
    this.giveUpOld();
    const entry = this.kept.get(recordId(camera, place));
    return entry && this.lend(entry);
  }

  /** The newest view of a camera that is still kept. */
  borrowNewest(camera: string): BorrowedView | undefined {
    this.giveUpOld();
    const entry = this.newest.get(camera);
    return entry && this.lend(entry);
  }

  private lend(entry: Kept): BorrowedView {
    entry.users += 1;
    const { view, place, time, clock, arrivedMs } = entry;
    return { view, place, time, clock, arrivedMs, release: () => this.takeBack(entry) };
  }

  private takeBack(entry: Kept): void {
    entry.users -= 1;
    if (entry.dropped && entry.users === 0) this.pool.giveBack(entry.view.pixels.buffer);
  }

  private giveUpOld(): void {
    const oldestMs = this.clock.monotonic() - this.keepMs;
    for (const [id, entry] of this.kept) {
      if (entry.arrivedMs >= oldestMs && this.keptBytes <= this.limitBytes) return;
      this.giveUp(id, entry);
    }
  }

  private giveUp(id: string, entry: Kept): void {
    this.kept.delete(id);
    if (this.newest.get(entry.camera) === entry) this.newest.delete(entry.camera);
    this.keptBytes -= entry.view.pixels.byteLength;
    entry.dropped = true;
    if (entry.users === 0) this.pool.giveBack(entry.view.pixels.buffer);
  }
}
