import type { Clock } from '../engine/clock.ts';

/** Plays a recording at its own pace, from the first frame that is not skipped. */
export class Pace {
  private readonly clock: Clock;
  private begin: { readonly time: number; readonly atMs: number } | undefined;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** How long it is until a frame of this event time is due, in milliseconds; below 0 when it is late. */
  delayMs(time: number): number {
    const now = this.clock.monotonic();
    this.begin ??= { time, atMs: now };
    return this.begin.atMs + time - this.begin.time - now;
  }
}
