import type { Clock } from '../../engine/clock.ts';

/** How long a reader may take for what is left when the server closes; one that is slower is cut off, and sees that it was. */
const LONGEST_MS = 2000;

/** Answers that are still being given: at the end each is given to its end, so that its reader knows that nothing is missing. */
export class OpenStreams {
  private readonly clock: Clock;
  private readonly running = new Set<Promise<void>>();
  private readonly end = new AbortController();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Says when the server closes: whoever follows has all that will ever come. */
  get closing(): AbortSignal {
    return this.end.signal;
  }

  async add(stream: Promise<void>): Promise<void> {
    this.running.add(stream);
    await stream.finally(() => this.running.delete(stream));
  }

  /** Resolves when all have ended, or the slowest have had their time. */
  async close(): Promise<void> {
    this.end.abort();
    if (this.running.size === 0) return;
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const cancel = this.clock.after(LONGEST_MS, resolve);
    await Promise.race([Promise.allSettled(this.running), late]);
    cancel();
  }
}
