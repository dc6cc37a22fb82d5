import type { Clock } from '../engine/clock.ts';

/** A correction of the wall clock above this is told. */
const TOLD_ABOVE_MS = 1000;

/**
 * The event time of a live camera: begins at the wall clock and runs by the monotonic one, so that setting the clock moves no frame. A
 * clock set forward is followed, and told; one set back cannot be, since time never falls: it is told, and followed at the next opening
 * as far as the last time allows.
 */
export class EventClock {
  private readonly clock: Clock;
  private wall: number;
  private mono: number;
  private toldAhead = 0;

  constructor(clock: Clock) {
    this.clock = clock;
    this.wall = clock.now();
    this.mono = clock.monotonic();
  }

  /** Anchors anew, not before a time that the camera has passed. */
  open(notBefore: number): void {
    this.anchor(Math.max(this.clock.now(), notBefore));
    this.toldAhead = this.wall - this.clock.now();
  }

  now(): number {
    return this.wall + this.clock.monotonic() - this.mono;
  }

  /** The event time of something that arrived at this moment of the monotonic clock, and how long ago that was. */
  at(arrivedMs: number): { readonly time: number; readonly delayMs: number } {
    return { time: Math.round(this.wall + arrivedMs - this.mono), delayMs: Math.max(0, this.clock.monotonic() - arrivedMs) };
  }

  /** By how much the wall clock was set since this was last told; 0 for less than a second. */
  correction(): number {
    const ahead = this.now() - this.clock.now();
    const correctionMs = Math.round(this.toldAhead - ahead);
    if (Math.abs(correctionMs) <= TOLD_ABOVE_MS) return 0;
    if (ahead < 0) this.anchor(this.clock.now());
    this.toldAhead = Math.max(0, ahead);
    return correctionMs;
  }

  private anchor(wall: number): void {
    this.wall = wall;
    this.mono = this.clock.monotonic();
  }
}
