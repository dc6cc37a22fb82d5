import { type Clock, pause } from '../../clock.ts';

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 500;

/**
 * Does something again after pauses that grow, until it works. `onError` throws for what will not heal; `spent` makes the error for when
 * another pause would end after `withinMs`. `work` hears whether it is another try.
 */
export async function tryAgain<T, C>(
  clock: Clock,
  withinMs: number,
  work: (again: boolean) => Promise<T>,
  { onError, spent }: { readonly onError: (error: unknown) => C; readonly spent: (cause: C, triedMs: number) => Error },
): Promise<T> {
  const began = clock.monotonic();
  for (let pauseMs = FIRST_PAUSE_MS, again = false; ; pauseMs = Math.min(LONGEST_PAUSE_MS, 2 * pauseMs), again = true) {
    try {
      return await work(again);
    } catch (error) {
      const cause = onError(error);
      const triedMs = clock.monotonic() - began;
      if (triedMs + pauseMs > withinMs) throw spent(cause, triedMs);
    }
    await pause(clock, pauseMs);
  }
}
