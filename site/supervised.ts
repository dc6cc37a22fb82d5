import type { Clock } from '../engine/clock.ts';
import { fateOf, sentenceOf } from '../engine/errors.ts';
import type { Logger } from '../engine/observe/logger.ts';

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 30_000;
/** Whoever ran so long without a failure begins with the shortest wait again. */
const HEALTHY_MS = 60_000;
/** Nobody foresaw what failed: so often it is tried again all the same. */
const MOST_RESTARTS = 5;

/** Work that either goes on or must be begun anew as a whole. */
export interface Unit {
  /** Rejects when it cannot go on. */
  readonly done: Promise<unknown>;
  /** Finishes what was begun, then closes; also after a failure. */
  drain(): Promise<void>;
}

export interface SupervisedOptions<T extends Unit> {
  readonly open: () => Promise<T>;
  /** Before it is opened again: goes back to what is committed. */
  readonly goBack?: () => void;
  readonly clock: Clock;
  readonly logger: Logger;
  /** What is told when it is begun anew. */
  readonly failure: string;
}

/**
 * Keeps a unit of work alive: when it fails it is closed and begun anew, after a wait that grows. An error that trying again does not heal
 * is told by `failed`.
 *
 *   opening ─▶ running ──failure──▶ waiting ─▶ opening
 *      └──────────────┴── fate `stop`, or for the 6th time something that nobody foresaw ──▶ failed
 */
export class Supervised<T extends Unit> {
  /** Rejects when it cannot go on. */
  readonly failed: Promise<never>;
  /** What runs now; nothing while it is opened or waits. */
  running: T | undefined;
  private readonly options: SupervisedOptions<T>;
  private readonly failure = Promise.withResolvers<never>();
  private current: Promise<T> = Promise.reject(new Error('It was not started.'));
  private failures = 0;
  private unforeseen = 0;
  private runningSinceMs = 0;
  private draining = false;
  private cancelDelay: () => void = () => {};

  constructor(options: SupervisedOptions<T>) {
    this.options = options;
    this.failed = this.failure.promise;
    this.failed.catch(() => {});
    this.current.catch(() => {});
  }

  start(): void {
    this.current = this.options.open();
    this.current.then(
      (unit) => this.watch(unit),
      (error: unknown) => this.onOpeningFailed(error),
    );
  }

  /** Does something with what runs, or is being opened; nothing while it waits, or ends. */
  async withRunning<R>(work: (unit: T) => Promise<R>): Promise<R | undefined> {
    const unit = await this.current;
    return this.draining || unit !== this.running ? undefined : work(unit);
  }

  async drain(): Promise<void> {
    this.draining = true;
    this.cancelDelay();
    const unit = await this.current.catch(() => undefined);
    await unit?.drain();
  }

  private watch(unit: T): void {
    this.running = unit;
    this.runningSinceMs = this.options.clock.monotonic();
    unit.done.catch((error: unknown) => this.onFailure(unit, error));
  }

  private onOpeningFailed(error: unknown): void {
    if (!this.draining && this.mayGoOn(error)) this.beginAnewLater(error, Promise.resolve());
  }

  private onFailure(unit: T, error: unknown): void {
    if (this.options.clock.monotonic() - this.runningSinceMs > HEALTHY_MS) [this.failures, this.unforeseen] = [0, 0];
    if (this.draining || !this.mayGoOn(error)) return;
    this.running = undefined;
    this.beginAnewLater(
      error,
      unit.drain().catch(() => {}), // What made it fail is told instead.
    );
  }

  private mayGoOn(error: unknown): boolean {
    const fate = fateOf(error);
    if (fate !== 'retry') this.unforeseen += 1;
    const goesOn = fate !== 'stop' && this.unforeseen <= MOST_RESTARTS;
    if (!goesOn) this.failure.reject(error);
    return goesOn;
  }

  private beginAnewLater(error: unknown, closed: Promise<void>): void {
    const { clock, logger, failure } = this.options;
    const delayMs = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** this.failures);
    this.failures += 1;
    logger.error({ error: sentenceOf(error), delayMs }, failure);
    this.cancelDelay = clock.after(delayMs, () => void closed.then(() => this.startAgain()));
  }

  private startAgain(): void {
    if (this.draining) return;
    this.options.goBack?.();
    this.start();
  }
}
