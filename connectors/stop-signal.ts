import type { Clock } from '../engine/clock.ts';

/** Raised once, when a connector is told to stop; whatever waits goes on at once. */
export class StopSignal {
  private readonly listeners = new Set<() => void>();
  private readonly settle: () => void;
  readonly promise: Promise<void>;
  raised = false;

  constructor() {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.promise = promise;
    this.settle = resolve;
  }

  raise(): void {
    if (this.raised) return;
    this.raised = true;
    this.settle();
    for (const listener of [...this.listeners]) listener();
  }

  on(listener: () => void): void {
    this.listeners.add(listener);
    if (this.raised) listener();
  }

  off(listener: () => void): void {
    this.listeners.delete(listener);
  }

  /** Resolves with the promise, or when the signal is raised. (`Promise.race` would keep a memory of every race on a promise that lasts.) */
  orRaised(promise: Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      const done = () => {
        this.off(done);
        resolve();
      };
      this.on(done);
      promise.then(done, (error: unknown) => {
        this.off(done);
        reject(error);
      });
    });
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
