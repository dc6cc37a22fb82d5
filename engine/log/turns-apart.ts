import { type Clock, pause } from '../clock.ts';

/** The next turn of the event loop. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}

/** Turns of the event loop, each at least `gapMs` behind the one before it. The first, and one after a pause, comes at once. */
export function turnsApart(clock: Clock, gapMs: number): () => Promise<void> {
  let notBeforeMs = Number.NEGATIVE_INFINITY;
  return async () => {
    await nextTurn();
    const delayMs = notBeforeMs - clock.monotonic();
    if (delayMs > 0) await pause(clock, delayMs);
    notBeforeMs = clock.monotonic() + gapMs;
  };
}
