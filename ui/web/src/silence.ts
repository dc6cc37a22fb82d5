const LEAST_MS = 1000;
const FRAMES = 3;

/** How long a camera may give no picture before it is shown as silent: one second, or three frame times when that is longer. */
export function silentAfterMs(fps: number): number {
  return Math.max(LEAST_MS, (FRAMES * 1000) / fps);
}
