import { setTimeout as wait } from 'node:timers/promises';

const ASKED_EVERY_MS = 100;

/**
 * Asks again and again until the answer is there. For what another process does and tells nobody; the limit only ends a test that has
 * failed, it is no bound on speed.
 */
export async function until<T>(
  what: string,
  ask: () => T | undefined | false | Promise<T | undefined | false>,
  withinMs = 60_000,
): Promise<T> {
  const endMs = performance.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > endMs) throw new Error(`waited ${withinMs} ms in vain until ${what}`);
    await wait(ASKED_EVERY_MS);
  }
}
