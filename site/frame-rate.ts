import type { Clock } from '../engine/clock.ts';
import type { DetectObserver } from '../engine/runtime/detect/detect-stage.ts';

const WINDOW_MS = 10_000;

/** How many frames a second were looked at over the last ten seconds. */
export class FrameRate implements DetectObserver {
  private readonly clock: Clock;
  private readonly sinceMs: number;
  /** Frames by second. */
  private readonly counts = new Map<number, number>();

  constructor(clock: Clock) {
    this.clock = clock;
    this.sinceMs = clock.monotonic();
  }

  detected(): void {
    const second = Math.floor(this.clock.monotonic() / 1_000);
    this.counts.set(second, (this.counts.get(second) ?? 0) + 1);
    if (this.counts.size > WINDOW_MS / 500) this.forgetOld();
  }

  get framesPerSecond(): number {
    this.forgetOld();
    const frames = [...this.counts.values()].reduce((sum, count) => sum + count, 0);
    const windowMs = Math.min(WINDOW_MS, Math.max(1_000, this.clock.monotonic() - this.sinceMs));
    return Math.round((frames * 10_000) / windowMs) / 10;
  }

  private forgetOld(): void {
    const oldest = (this.clock.monotonic() - WINDOW_MS) / 1_000;
    for (const second of this.counts.keys()) if (second < oldest) this.counts.delete(second);
  }
}
