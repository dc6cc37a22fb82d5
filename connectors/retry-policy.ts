import type { Cause } from './camera-status.ts';

const FIRST_MS = 1000;
const LONGEST_MS = 60_000;
const SLOW_MS = 5 * 60_000;
const JITTER = 0.2;

/** What a person must mend first: after two tries more it is asked for only every five minutes. A wrong password locks many cameras. */
const NEEDS_A_PERSON: ReadonlySet<Cause> = new Set(['authentication', 'not-found', 'redirect', 'codec']);
const QUICK_TRIES = 3;

/** Failures that are no fault of the camera's: tried again at once, the first time. */
const AT_ONCE: ReadonlySet<Cause> = new Set(['resolution', 'burst']);

/**
 * How long to wait before the next try: 1, 2, 4 … 60 s, ±20 % so that cameras that vanish together do not come back in step.
 *
 * @param failures in a row, this one included.
 * @param random 0…1.
 */
export function retryDelayMs(cause: Cause, failures: number, random: number): number {
  if (AT_ONCE.has(cause) && failures <= 1) return 0;
  return Math.round(baseMs(cause, failures) * (1 + JITTER * (2 * random - 1)));
}

function baseMs(cause: Cause, failures: number): number {
  if (NEEDS_A_PERSON.has(cause) && failures >= QUICK_TRIES) return SLOW_MS;
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 1));
}
