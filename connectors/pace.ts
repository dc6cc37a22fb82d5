import type { Clock } from '../engine/clock.ts';

/** Plays a recording at its own pace, from the first frame that is not skipped. */
export class Pace {
  private readonly clock: Clock;
  private begin: { readonly time: number; readonly atMs: number } | undefined;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Resolves when a frame of this event time is due. */
  until(time: number): Promise<void> {
    const now = this.clock.monotonic();
    this.begin ??= { time, atMs: now };
    const delayMs = this.begin.atMs + time - this.begin.time - now;
    if (delayMs <= 0) return Promise.resolve();
    return new Promise((resolve) => void this.clock.after(delayMs, resolve));
  }
}
