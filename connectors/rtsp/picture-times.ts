import type { AccessUnit } from './access-unit.ts';

/** A step back in RTP time up to this is reordering (B-frames); beyond it, the camera's clock was set, or its pictures come late. */
const LARGEST_REORDERING_MS = 1000;
const HALF_RANGE = 0x8000_0000;
const RANGE = 0x1_0000_0000;

/**
 * The time of each picture, as it goes through the decoder and comes back with it: its arrival, by the monotonic clock.
 *
 * Cameras with B-frames send pictures in another order than they are shown in. Of them, the arrival of the last key frame counts, and from
 * there the distance in RTP time: otherwise times would jump to and fro, and the decoder would mend them with wrong ones. A picture may
 * get a time a little ahead of its arrival; when it comes out of the decoder, behind those that are shown before it, that time is past.
 */
export class PictureTimes {
  private readonly ticksPerMs: number;
  private reorders = false;
  private latest: number | undefined;
  private anchor: { readonly timestamp: number; readonly arrivedMs: number } | undefined;

  constructor(clockRate: number) {
    this.ticksPerMs = clockRate / 1000;
  }

  /** Milliseconds by the monotonic clock. */
  next({ timestamp, arrivedMs, key }: Pick<AccessUnit, 'timestamp' | 'arrivedMs' | 'key'>): number {
    this.watch(timestamp);
    if (key || this.anchor === undefined) this.anchor = { timestamp, arrivedMs };
    if (!this.reorders) return arrivedMs;
    const shownMs = this.anchor.arrivedMs + ticksBetween(this.anchor.timestamp, timestamp) / this.ticksPerMs;
    if (Math.abs(arrivedMs - shownMs) <= LARGEST_REORDERING_MS) return shownMs;
    this.anchor = { timestamp, arrivedMs };
    return arrivedMs;
  }

  private watch(timestamp: number): void {
    const backMs = this.latest === undefined ? 0 : ticksBetween(timestamp, this.latest) / this.ticksPerMs;
    if (backMs > 0 && backMs <= LARGEST_REORDERING_MS) this.reorders = true;
    else this.latest = timestamp;
  }
}

/** From one RTP time to another; they wrap around. */
function ticksBetween(from: number, to: number): number {
  const ticks = (to - from + RANGE) % RANGE;
  return ticks < HALF_RANGE ? ticks : ticks - RANGE;
}
