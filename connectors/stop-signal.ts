import type { Clock } from '../engine/clock.ts';

/** Raised once, when a connector is told to stop; whatever waits goes on at once. */
export class StopSignal {
  private readonly listeners = new Set<() => void>();
  private readonly raise_: () => void;
  readonly promise: Promise<void>;
  raised = false;

  constructor() {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.promise = promise;
    this.raise_ = resolve;
  }

  raise(): void {
    if (this.raised) return;
    this.raised = true;
    this.raise_();
    for (const listener of [...this.listeners]) listener();
  }

  on(listener: () => void): void {
    this.listeners.add(listener);
    if (this.raised) listener();
  }

  off(listener: () => void): void {
    this.listeners.delete(listener);
  }

  /** Resolves after `delayMs`, or when the signal is raised. */
  wait(clock: Clock, delayMs: number): Promise<void> {
    if (this.raised || delayMs <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        cancel();
        this.off(done);
        resolve();
      };
      const cancel = clock.after(delayMs, done);
      this.on(done);
    });
  }
}
