/** The wall clock and the page's monotonic clock may drift apart by so much between two looks without meaning anything. */
const TOLERANCE_MS = 750;

/**
 * Notices that time went on without the page: a laptop slept (then the wall clock has gone further than the monotonic one, which in some
 * browsers stands still meanwhile), or the machine's clock was set. What was learnt about the server's clock is worth nothing then.
 */
export class SleepWatch {
  private differenceMs: number | undefined;

  /** Looks at both clocks, about once a second. @returns whether time was lost since the last look. */
  look(wallMs: number, pageMs: number): boolean {
    const differenceMs = wallMs - pageMs;
    const lost = this.differenceMs !== undefined && Math.abs(differenceMs - this.differenceMs) > TOLERANCE_MS;
    this.differenceMs = differenceMs;
    return lost;
  }
}
