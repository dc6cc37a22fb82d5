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
  /** How long the last view of a camera is kept when no newer one comes; default one minute. */
  readonly keepLastMs?: number;
  /** At most so much is kept for all cameras together, the oldest given up first; default 512 MiB. */
  readonly limitBytes?: number;
}

/**
 * The last second of pictures for people, by the place of their frame, and for a while the last one of a camera that fell silent. Views are put as frames go onto the bus, so that a view is here
 * before its record is written; whoever reads the record finds the picture of exactly that frame. Owns the pixels and gives them back to
 * the pool when the last user is done.
 */
export class ViewStore {
  private readonly clock: Clock;
  private readonly pool: PixelPool;
  private readonly keepMs: number;
  private readonly keepLastMs: number;
  private readonly limitBytes: number;
  /** In the order of arrival: the first is the oldest. */
  private readonly kept = new Map<string, Kept>();
  private readonly newest = new Map<string, Kept>();
  /** What cameras that fell silent showed last, by camera: all older than what is kept, the oldest first. */
  private readonly last = new Map<string, Kept>();
  private keptBytes = 0;

  constructor({ clock, pool, keepMs = 1000, keepLastMs = 60_000, limitBytes = 512 * 2 ** 20 }: Options) {
    this.clock = clock;
    this.pool = pool;
    this.keepMs = keepMs;
    this.keepLastMs = keepLastMs;
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
    this.dropLast(camera);
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

  /** The newest view of a camera, or the last one before it fell silent: what an alert about it keeps. */
  borrowLast(camera: string): BorrowedView | undefined {
    this.giveUpOld();
    const entry = this.newest.get(camera) ?? this.last.get(camera);
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
    const nowMs = this.clock.monotonic();
    for (const [camera, entry] of this.last) {
      if (entry.arrivedMs >= nowMs - this.keepLastMs && this.keptBytes <= this.limitBytes) break;
      this.dropLast(camera);
    }
    for (const [id, entry] of this.kept) {
      if (entry.arrivedMs >= nowMs - this.keepMs && this.keptBytes <= this.limitBytes) return;
      this.giveUp(id, entry);
    }
  }

  private giveUp(id: string, entry: Kept): void {
    this.kept.delete(id);
    const isNewest = this.newest.get(entry.camera) === entry;
    if (isNewest) this.newest.delete(entry.camera);
    if (isNewest && this.keptBytes <= this.limitBytes) this.last.set(entry.camera, entry);
    else this.drop(entry);
  }

  private dropLast(camera: string): void {
    const entry = this.last.get(camera);
    this.last.delete(camera);
    if (entry !== undefined) this.drop(entry);
  }

  private drop(entry: Kept): void {
    this.keptBytes -= entry.view.pixels.byteLength;
    entry.dropped = true;
    if (entry.users === 0) this.pool.giveBack(entry.view.pixels.buffer);
  }
}
