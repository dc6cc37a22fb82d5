import type { BusItem } from '../engine/frames/frame.ts';
import type { FrameSink } from '../engine/frames/frame-bus.ts';
import type { PixelPool } from '../engine/frames/pixel-pool.ts';

/**
 * A sink for who holds the camera's lease only. What is said without it, also by a process that stood still and does not know yet, goes
 * nowhere: somebody else may speak for the camera by now.
 */
export class HeldSink implements FrameSink {
  private readonly sink: FrameSink;
  private readonly pool: PixelPool;
  private readonly isHeld: () => boolean;

  constructor(sink: FrameSink, pool: PixelPool, isHeld: () => boolean) {
    this.sink = sink;
    this.pool = pool;
    this.isHeld = isHeld;
  }

  put(item: BusItem): void {
    if (this.isHeld()) this.sink.put(item);
    else if (item.type === 'frame') this.giveBack(item);
  }

  room(): Promise<void> {
    return this.sink.room();
  }

  close(): void {
    this.sink.close();
  }

  private giveBack({ pixels, view }: Extract<BusItem, { type: 'frame' }>): void {
    this.pool.giveBack(pixels);
    if (view !== undefined) this.pool.giveBack(view.pixels.buffer);
  }
}
