import type { Clock } from '../../clock.ts';
import type { GapRecord, MarkRecord } from '../../records/record.ts';
import type { Frame } from '../frame.ts';
import type { Delivery, FrameSink, FrameSource } from '../frame-bus.ts';
import { MemoryFrameBus } from '../memory-frame-bus.ts';
import type { PixelPool } from '../pixel-pool.ts';
import { WaitingFrame } from './waiting-frame.ts';

export type WaitingItem = WaitingFrame | GapRecord | MarkRecord;

interface Slot {
  readonly sink: FrameSink;
  readonly freshnessMs: number | undefined;
}

/** Nothing is known of the camera but a gap or mark: it has no frame that could be shed. */
const UNKNOWN: Delivery = { kind: 'recording', aheadFrames: Number.POSITIVE_INFINITY };

/**
 * What was read from Kafka and waits to be looked at, of all partitions of this process: a bus in memory, whose rules are those of the
 * bus in one process (a slot for each live camera, fair turns).
 */
export class FrameInbox {
  private readonly bus: MemoryFrameBus;
  private readonly source: FrameSource;
  private readonly slots = new Map<string, Slot>();

  constructor(clock: Clock, pool: PixelPool) {
    this.bus = new MemoryFrameBus({ clock, shed: (frame) => shed(frame, pool) });
    this.source = this.bus.source();
  }

  /** @param freshnessMs of a frame: how old it may become; 0 for one of a recording */
  put(item: WaitingItem, freshnessMs?: number): void {
    this.slotOf(item.camera, freshnessMs).sink.put(item);
  }

  async take(frames: number, waitMs: number, signal: AbortSignal): Promise<readonly WaitingItem[]> {
    // Nothing else was ever put.
    const items = (await this.source.take(frames, waitMs, signal)) as readonly WaitingItem[];
    for (const item of items) if (item.type === 'frame') item.left();
    return items;
  }

  /** Gives up what waits of these cameras. */
  forget(cameras: Iterable<string>): void {
    for (const camera of cameras) {
      this.bus.forget(camera);
      this.slots.delete(camera);
    }
  }

  /** Nothing more is put: `take` comes back empty when nothing is left. */
  close(): void {
    this.bus.close();
  }

  private slotOf(camera: string, freshnessMs: number | undefined): Slot {
    const known = this.slots.get(camera);
    if (known !== undefined && (freshnessMs === undefined || freshnessMs === known.freshnessMs)) return known;
    const slot = { sink: this.bus.sink(camera, deliveryOf(freshnessMs)), freshnessMs };
    this.slots.set(camera, slot);
    return slot;
  }
}

function deliveryOf(freshnessMs: number | undefined): Delivery {
  return freshnessMs === undefined || freshnessMs === 0 ? UNKNOWN : { kind: 'live', freshnessMs };
}

function shed(frame: Frame, pool: PixelPool): void {
  if (!(frame instanceof WaitingFrame)) return;
  frame.left();
  frame.giveBack(pool);
}
