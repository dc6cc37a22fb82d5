const WINDOW_MS = 10_000;
/** Before so much has been seen, the time until now counts, not that until the last frame: two frames that come quickly are no rate. */
const SURE_MS = 5000;
/** What the decoder may take beside the time between two frames, before their absence counts. */
const DECODING_MS = 1000;
const SILENT_INTERVALS = 3;

/**
 * Frames a second over the last ten seconds, from the times at which they were caught and not from those at which they came out of the
 * decoder, which gives them unevenly: a camera that is thinned to ten frames a second never has more.
 */
export class FrameRate {
  private times: number[] = [];

  /** @param timeMs when it was caught, by the monotonic clock. */
  frame(timeMs: number): void {
    this.times.push(timeMs);
    while (this.times.length > SILENT_INTERVALS && (this.times[0] as number) < timeMs - WINDOW_MS) this.times.shift();
  }

  /** The source was opened anew. */
  begin(): void {
    this.times = [];
  }

  /** 0 when nothing came for so long that nothing flows any more. */
  at(nowMs: number): number {
    const [first = nowMs, last = nowMs] = [this.times[0], this.times.at(-1)];
    const intervals = this.times.length - 1;
    if (intervals < 1) return 0;
    const meanMs = (last - first) / intervals;
    const silentMs = nowMs - last - DECODING_MS;
    if (silentMs > Math.max(WINDOW_MS, SILENT_INTERVALS * meanMs)) return 0;
    const isSure = last - first >= SURE_MS && silentMs <= SILENT_INTERVALS * meanMs;
    return (intervals * 1000) / Math.max(1, (isSure ? last : nowMs) - first);
  }
}
