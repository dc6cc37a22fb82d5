/**
 * The event times of a recording: its beginning plus the file's own time stamps, counted from the first frame, in whole milliseconds, at
 * least 1 ms apart. The same file gives the same times in every run.
 */
export class RecordingTimes {
  private readonly startMs: number;
  private firstUs: number | undefined;
  private last = Number.NEGATIVE_INFINITY;

  constructor(startMs: number) {
    this.startMs = startMs;
  }

  next(timeUs: number): number {
    this.firstUs ??= timeUs;
    const time = this.startMs + Math.round((timeUs - this.firstUs) / 1000);
    this.last = Math.max(time, this.last + 1);
    return this.last;
  }
}

/** When a recording begins: as configured, else as its file says, else 1970; and never below what the camera told before. */
export function recordingStart(configured: number | undefined, created: number | undefined, notBefore: number): number {
  return Math.max(configured ?? created ?? 0, notBefore, 0);
}
