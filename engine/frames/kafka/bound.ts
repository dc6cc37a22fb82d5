import type { Clock } from '../../clock.ts';

/** Waits for some work, and gives it up by its signal after a while. */
export async function bound(clock: Clock, withinMs: number, work: (signal: AbortSignal) => Promise<void> | undefined): Promise<void> {
  const abort = new AbortController();
  const cancel = clock.after(withinMs, () => abort.abort());
  try {
    await work(abort.signal);
  } finally {
    cancel();
  }
}
