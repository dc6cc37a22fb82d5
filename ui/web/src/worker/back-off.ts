const FIRST_MS = 500;
const LONGEST_MS = 10_000;

/** How long to wait before the attempt of this number (from 0): doubles to 10 s, and varies by a fifth so that not all come back at once. */
export function backOffMs(attempt: number, random: () => number): number {
  return Math.round(Math.min(LONGEST_MS, FIRST_MS * 2 ** attempt) * (0.8 + 0.4 * random()));
}
