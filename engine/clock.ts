/**
 * Where time comes from. `SystemClock` is the only reader of the machine's clocks; tests step a clock of their own.
 * Event time never comes from here but from the records (DESIGN, promise 3).
 */
export interface Clock {
  /** Milliseconds since 1970 by the wall clock. May jump when the clock is set. */
  now(): number;
  /** Milliseconds since some moment; never falls, never jumps. For ages, deadlines and leases. */
  monotonic(): number;
  /** Calls back once after `delayMs`; the returned function cancels it. */
  after(delayMs: number, callback: () => void): () => void;
}

export class SystemClock implements Clock {
  now(): number {
    return Date.now();
  }

  monotonic(): number {
    return performance.now();
  }

  after(delayMs: number, callback: () => void): () => void {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  }
}

/** Resolves after `delayMs`, for who has nothing to do until then and nobody who would wake it earlier. */
export function pause(clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve) => void clock.after(delayMs, resolve));
}
