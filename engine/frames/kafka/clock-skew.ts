import type { Clock } from '../../clock.ts';

const WINDOW_MS = 60_000;
const SLICES = 6;
const SLICE_MS = WINDOW_MS / SLICES;

/**
 * How far the clock of a sender stands behind ours, as far as can be told: the smallest difference of the last minute between when a
 * frame was read here and when it was sent there. It holds the shortest way through the bus too, which is then not counted as age. Only
 * frames that were read when nothing stood behind them count: what has waited in Kafka says nothing about clocks.
 */
export class ClockSkew {
  private readonly clock: Clock;
  /** The smallest of each slice of the last minute, the newest last. */
  private slices: { readonly untilMs: number; smallest: number }[] = [];

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** @param sentAt by the wall clock of the sender */
  sample(sentAt: number): void {
    const difference = this.clock.now() - sentAt;
    const newest = this.slices.at(-1);
    if (newest !== undefined && newest.untilMs > this.clock.monotonic()) newest.smallest = Math.min(newest.smallest, difference);
    else this.slices.push({ untilMs: this.clock.monotonic() + SLICE_MS, smallest: difference });
    this.forgetOld();
  }

  /** Milliseconds since a moment by the wall clock of the sender, 0 at least. */
  ageMs(at: number): number {
    this.forgetOld();
    const skewMs = this.slices.length === 0 ? 0 : Math.min(...this.slices.map(({ smallest }) => smallest));
    return Math.max(0, this.clock.now() - at - skewMs);
  }

  /** True when nothing was heard for a minute. */
  get isSilent(): boolean {
    this.forgetOld();
    return this.slices.length === 0;
  }

  private forgetOld(): void {
    const nowMs = this.clock.monotonic();
    while ((this.slices[0]?.untilMs ?? Number.POSITIVE_INFINITY) + WINDOW_MS - SLICE_MS <= nowMs) this.slices.shift();
  }
}
