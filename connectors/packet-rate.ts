const WINDOW_MS = 1000;
/** Seconds that make up what is usual. */
const USUAL_WINDOWS = 10;
const TOO_FAST_WINDOWS = 3;
const TOO_FAST_FACTOR = 3;

/**
 * Notices a source that delivers far faster than it used to, for seconds on end: behind a stall it sends what is long past, and its times
 * of arrival are wrong. A single burst is no reason to do anything, nor is a source that is fast from the beginning.
 */
export class PacketRate {
  private windowStart: number | undefined;
  private count = 0;
  private fastWindows = 0;
  private readonly usual: number[] = [];

  /** A packet arrived. @returns true when the source has been too fast for long enough. */
  packet(nowMs: number): boolean {
    this.windowStart ??= nowMs;
    if (nowMs - this.windowStart >= WINDOW_MS) this.closeWindow(nowMs, this.windowStart);
    this.count += 1;
    return this.fastWindows >= TOO_FAST_WINDOWS;
  }

  private closeWindow(nowMs: number, startMs: number): void {
    const rate = (this.count * WINDOW_MS) / (nowMs - startMs);
    this.windowStart = nowMs;
    this.count = 0;
    if (this.usual.length === USUAL_WINDOWS && rate > TOO_FAST_FACTOR * median(this.usual)) {
      this.fastWindows += 1;
      return;
    }
    this.fastWindows = 0;
    this.usual.push(rate);
    if (this.usual.length > USUAL_WINDOWS) this.usual.shift();
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number;
}
