import type { Segment } from './recording-source.ts';

/**
 * The frames of one segment by their number: of images it is known how many there must be, so one that could not be decoded is missed and
 * its place can be named. Of a video nobody knows what the file should have held.
 */
export class SegmentFrames {
  private readonly segment: Segment;
  private readonly frameUs: number;
  private next = 0;

  constructor(segment: Segment, fps: number) {
    this.segment = segment;
    this.frameUs = 1e6 / fps;
  }

  /** The time inside the whole recording, microseconds. */
  timeUs(timeUs: number): number {
    return this.segment.framesBefore * this.frameUs + timeUs;
  }

  /** Takes the frame that came; returns the times, inside the whole recording, of those that should have come before it. */
  missingBefore(timeUs: number): number[] {
    if (this.segment.frames === undefined) return [];
    const came = Math.round(timeUs / this.frameUs);
    const missing = this.timesUpTo(came);
    this.next = came + 1;
    return missing;
  }

  missingAtEnd(): number[] {
    return this.segment.frames === undefined ? [] : this.timesUpTo(this.segment.frames);
  }

  private timesUpTo(end: number): number[] {
    const count = Math.max(0, end - this.next);
    return Array.from({ length: count }, (_, index) => this.timeUs((this.next + index) * this.frameUs));
  }
}
