import type { Watch } from '../../../protocol.ts';
import type { Live } from './live.ts';

/** Changes within this time go out as one message. */
const TOGETHER_MS = 100;

/** What the visible tiles want, told to the server as one list. */
export class WatchList {
  private readonly live: Live;
  private readonly wanted = new Map<symbol, Watch>();
  private timer = 0;

  constructor(live: Live) {
    this.live = live;
  }

  set(tile: symbol, watch: Watch): void {
    this.wanted.set(tile, watch);
    this.tell();
  }

  remove(tile: symbol): void {
    this.wanted.delete(tile);
    this.tell();
  }

  private tell(): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.live.watch(this.merged()), TOGETHER_MS);
  }

  /** A camera that is seen twice is sent once, as large and as often as the more demanding tile asks. */
  private merged(): Watch[] {
    const byCamera = new Map<string, Watch>();
    for (const watch of this.wanted.values()) {
      const other = byCamera.get(watch.id) ?? watch;
      byCamera.set(watch.id, { id: watch.id, width: Math.max(watch.width, other.width), fps: Math.max(watch.fps, other.fps) });
    }
    return [...byCamera.values()];
  }
}
