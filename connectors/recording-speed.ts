/** How much of a recording was read anew, and how fast, measured against the time that it shows. */
export class RecordingSpeed {
  private frames = 0;
  private first = { time: 0, atMs: 0 };
  private lastTime = 0;

  /** @param time of the frame in the recording; @param nowMs by the monotonic clock, when it was given on */
  frame(time: number, nowMs: number): void {
    if (this.frames === 0) this.first = { time, atMs: nowMs };
    this.frames += 1;
    this.lastTime = time;
  }

  /** Such as `480 frames in 12.3 s, 3.9 times as fast as real time`. */
  inWords(nowMs: number): string {
    if (this.frames === 0) return 'nothing in it was new';
    const seconds = (nowMs - this.first.atMs) / 1000;
    const frames = `${this.frames} frame${this.frames === 1 ? '' : 's'} in ${seconds.toFixed(1)} s`;
    if (this.frames === 1 || seconds === 0) return frames;
    const shownMs = ((this.lastTime - this.first.time) * this.frames) / (this.frames - 1); // The last one lasts as long as the others.
    return `${frames}, ${(shownMs / 1000 / seconds).toFixed(1)} times as fast as real time`;
  }
}
