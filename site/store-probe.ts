import type { Clock } from '../engine/clock.ts';
import { sentenceOf } from '../engine/errors.ts';

/** An answer that takes longer is told as trouble. */
const SLOW_MS = 1_000;

/** How a store answers, found out by asking it something small whenever somebody wants to know; nobody waits for it. */
export class StoreProbe {
  private readonly ask: () => Promise<unknown>;
  private readonly clock: Clock;
  private askedMs: number | undefined;
  private last: { readonly answeredMs?: number; readonly trouble?: string } = {};

  constructor(ask: () => Promise<unknown>, clock: Clock) {
    this.ask = ask;
    this.clock = clock;
  }

  /** What is known by now: how long the last answer took, and what is wrong. */
  look(): { readonly answeredMs?: number; readonly trouble?: string } {
    if (this.askedMs === undefined) {
      this.askedMs = this.clock.monotonic();
      void this.probe(this.askedMs);
    }
    const waitingMs = this.clock.monotonic() - this.askedMs;
    if (waitingMs < SLOW_MS || this.last.trouble !== undefined) return this.last;
    return { ...this.last, trouble: `It has not answered for ${(waitingMs / 1_000).toFixed(1)} s.` };
  }

  private async probe(askedMs: number): Promise<void> {
    try {
      await this.ask();
      this.last = { answeredMs: Math.round(this.clock.monotonic() - askedMs) };
    } catch (error) {
      this.last = { ...this.last, trouble: sentenceOf(error) };
    }
    this.askedMs = undefined;
  }
}
