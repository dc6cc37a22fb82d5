import type { AccessUnit } from './access-unit.ts';

/** A step back in RTP time up to this is reordering (B-frames); beyond it, the camera's clock was set, or its pictures come late. */
const LARGEST_REORDERING_MS = 1000;
/** Of pictures that came in one moment, each is this much later than the one before it. */
const SMALLEST_STEP_MS = 0.002;
const HALF_RANGE = 0x8000_0000;
const RANGE = 0x1_0000_0000;

interface Shown {
  /** RTP time. */
  readonly timestamp: number;
  /** Milliseconds by the monotonic clock. */
  readonly ms: number;
}

/**
 * The time of each picture, as it goes through the decoder and comes back with it: its arrival, by the monotonic clock; no two are the
 * same.
 *
 * Cameras with B-frames send pictures in another order than they are shown in. Of them, the arrival of the last key frame counts, and from
 * there the distance in RTP time. A picture may get a time a little ahead of its arrival; when it comes out of the decoder, behind those
 * that are shown before it, that time is past. Times must rise in the order of showing from the first on: one that falls, and ffmpeg
 * believes none of them any more.
 */
export class PictureTimes {
  private readonly ticksPerMs: number;
  private reorders = false;
  /** The last two that were sent in the order of showing. */
  private before: Shown | undefined;
  private latest: Shown | undefined;
  private anchor: Shown | undefined;

  constructor(clockRate: number) {
    this.ticksPerMs = clockRate / 1000;
  }

  /** Milliseconds by the monotonic clock. */
  next({ timestamp, arrivedMs, key }: Pick<AccessUnit, 'timestamp' | 'arrivedMs' | 'key'>): number {
    if (key || this.anchor === undefined) this.anchor = { timestamp, ms: arrivedMs };
    this.reorders ||= this.isReordered(timestamp);
    return this.reorders ? this.shownMs(timestamp, arrivedMs) : this.arrival(timestamp, arrivedMs);
  }

  private isReordered(timestamp: number): boolean {
    const backMs = this.latest === undefined ? 0 : ticksBetween(timestamp, this.latest.timestamp) / this.ticksPerMs;
    return backMs > 0 && backMs <= LARGEST_REORDERING_MS;
  }

  private arrival(timestamp: number, arrivedMs: number): number {
    const ms = Math.max(arrivedMs, (this.latest?.ms ?? Number.NEGATIVE_INFINITY) + SMALLEST_STEP_MS);
    this.before = this.latest;
    this.latest = { timestamp, ms };
    return ms;
  }

  private shownMs(timestamp: number, arrivedMs: number): number {
    const between = this.inFirstGroup(timestamp);
    if (between !== undefined) return between;
    const { timestamp: from, ms } = this.anchor as Shown;
    const shownMs = ms + ticksBetween(from, timestamp) / this.ticksPerMs;
    if (Math.abs(arrivedMs - shownMs) <= LARGEST_REORDERING_MS) return shownMs;
    this.anchor = { timestamp, ms: arrivedMs };
    return arrivedMs;
  }

  /** That pictures are reordered is known from the first that is: it lies between two that have their times already. */
  private inFirstGroup(timestamp: number): number | undefined {
    const { before, latest } = this;
    if (before === undefined || latest === undefined) return undefined;
    const [done, all] = [ticksBetween(before.timestamp, timestamp), ticksBetween(before.timestamp, latest.timestamp)];
    return done > 0 && done < all ? before.ms + ((latest.ms - before.ms) * done) / all : undefined;
  }
}

/** From one RTP time to another; they wrap around. */
function ticksBetween(from: number, to: number): number {
  const ticks = (to - from + RANGE) % RANGE;
  return ticks < HALF_RANGE ? ticks : ticks - RANGE;
}
