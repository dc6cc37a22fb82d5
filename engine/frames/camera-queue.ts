import type { GapReason } from '../records/record.ts';
import type { BusItem, Frame } from './frame.ts';
import type { Delivery } from './frame-bus.ts';
import { gapOf, joinGaps } from './gap-run.ts';

interface Waiting {
  item: BusItem;
  readonly sinceMs: number;
}

export interface QueueOptions {
  /** Told of each frame that nobody will look at, so that its buffer is used again and the loss is counted. */
  readonly shed: (frame: Frame, reason: GapReason) => void;
  /** Why a frame that still waits gives way to a newer one; default `overload`. */
  readonly replaced: () => GapReason;
  /** A gap alone is held so long; default one second. */
  readonly heldMs: number;
}

/**
 * What waits of one camera, in the order of its places. A live camera has one slot: at most one frame waits, a newer one turns it into
 * a gap in its place. A recording waits in a row.
 */
export class CameraQueue {
  delivery: Delivery;
  heldMs: number;
  private readonly waiting: Waiting[] = [];
  private readonly options: QueueOptions;

  constructor(delivery: Delivery, options: QueueOptions) {
    this.delivery = delivery;
    this.options = options;
    this.heldMs = options.heldMs;
  }

  get empty(): boolean {
    return this.waiting.length === 0;
  }

  put(item: BusItem, nowMs: number): void {
    if (item.type === 'frame' && this.delivery.kind === 'live') this.shedSlot(this.options.replaced());
    this.waiting.push({ item, sinceMs: nowMs });
    this.joinAt(this.waiting.length - 1);
  }

  /** Takes what is due, in order, up to and including the next frame. Frames that have become stale are taken as gaps. */
  takeTurn(nowMs: number): BusItem[] {
    this.shedStale(nowMs);
    const end = this.endOfTurn(nowMs);
    return this.waiting.splice(0, end).map(({ item }) => item);
  }

  /** When something becomes due by itself: now, later (a held gap), or never. */
  dueAt(): number {
    const [first, ...others] = this.waiting;
    if (first === undefined) return Number.POSITIVE_INFINITY;
    return others.length === 0 ? this.dueTime(first) : first.sinceMs;
  }

  private endOfTurn(nowMs: number): number {
    const frame = this.waiting.findIndex(({ item }) => item.type === 'frame');
    if (frame !== -1) return frame + 1;
    const last = this.waiting.at(-1);
    return last !== undefined && this.dueTime(last) > nowMs ? this.waiting.length - 1 : this.waiting.length;
  }

  /** A gap at the end is held, since the next frame may be lost for the same reason. */
  private dueTime({ item, sinceMs }: Waiting): number {
    return item.type === 'gap' ? sinceMs + this.heldMs : sinceMs;
  }

  private shedStale(nowMs: number): void {
    const frame = this.slot();
    if (frame !== undefined && this.delivery.kind === 'live' && nowMs - frame.arrivedMs > this.delivery.freshnessMs) this.shedSlot('stale');
  }

  /** The waiting frame of a live camera. */
  private slot(): Frame | undefined {
    return this.waiting.map(({ item }) => item).find((item) => item.type === 'frame');
  }

  private shedSlot(reason: GapReason): void {
    const index = this.waiting.findIndex(({ item }) => item.type === 'frame');
    const waiting = this.waiting[index];
    if (waiting?.item.type !== 'frame') return;
    this.options.shed(waiting.item, reason);
    waiting.item = gapOf(waiting.item, reason);
    this.joinAt(index);
  }

  private joinAt(index: number): void {
    const [before, here] = [this.waiting[index - 1], this.waiting[index]];
    if (before?.item.type !== 'gap' || here?.item.type !== 'gap') return;
    const joined = joinGaps(before.item, here.item);
    if (joined === undefined) return;
    before.item = joined;
    this.waiting.splice(index, 1);
  }
}
