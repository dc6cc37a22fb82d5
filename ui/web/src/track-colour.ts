const HUES = 12;

/** One of twelve hues of equal lightness, by the track's number: a track keeps its colour, and tracks that follow each other differ. */
export function trackColour(track: string): string {
  // 5 steps of 12: consecutive numbers lie 150° apart, and all hues are used before one comes again.
  const hue = ((trackNumber(track) * 5) % HUES) * (360 / HUES) + 20;
  return `oklch(0.84 0.14 ${hue % 360})`;
}

/** The number at the end of `camera/session/number`. */
export function trackNumber(track: string): number {
  return Number(track.slice(track.lastIndexOf('/') + 1)) || 0;
}
