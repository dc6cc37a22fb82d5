import type { Clock } from '../../clock.ts';
import { fateOf, OcelliError, sentenceOf } from '../../errors.ts';
import type { Position } from '../../log/log.ts';
import type { Tenure } from '../../log/tenure.ts';
import type { KeyedTask, TaskEnd } from './keyed-task.ts';
import type { RestartFacts } from './keyed-task-observer.ts';

export interface SupervisorOptions {
  /** For sentences, such as `tracks/0`. */
  readonly name: string;
  /** A new task each time; the supervisor starts it. */
  create(): KeyedTask;
  readonly clock: Clock;
  /** For one of several processes: how long the task is this one's. */
  readonly tenure?: Tenure;
  readonly onRestart?: (facts: RestartFacts) => void;
  /** 0 to below 1; spreads restarts, so that tasks that fell together do not rise together. */
  readonly random?: () => number;
}

/** Why there is no task any more: it was drained, or something that starting again does not heal. */
export type SupervisorEnd = { readonly kind: 'drained' } | { readonly kind: 'stopped'; readonly error: unknown };

const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 30_000;
/** So many restarts in a window are too many. */
const MOST_RESTARTS = 5;
const WINDOW_MS = 60_000;

/**
 * Keeps a task alive: a new one from the saved position after each failure, by the error's fate (see errors.ts).
 *
 *             ┌──────────── back-off ◀── restart, reject, retry ──┐
 *             ▼                                                   │
 *   start ─▶ task ── failed ──────────────────────────────────────┤
 *             │                                                   └── stop, or the 6th restart in a minute ─▶ stopped
 *             └─ closed ─▶ drained
 *
 * One of several processes may meet another owner of its task. It is never taken back blindly, or two would take it from each other for
 * ever: whoever shares the tasks out is asked first, and says who stays; the other one is `drained`.
 *
 * `retry` (a full disk, a broker that is away) never becomes `stopped`: it waits longer each time, up to 30 s.
 */
export class KeyedTaskSupervisor {
  readonly ended: Promise<SupervisorEnd>;
  private readonly options: SupervisorOptions;
  private readonly resolve: (end: SupervisorEnd) => void;
  /** When the failures of the last window happened, by the monotonic clock; `counted` are those that may stop the task. */
  private failures: { readonly atMs: number; readonly counted: boolean }[] = [];
  private restartCount = 0;
  private progress: Position | undefined;
  private task: KeyedTask | undefined;
  private cancelDelay: (() => void) | undefined;
  private asking = false;
  private draining = false;

  constructor(options: SupervisorOptions) {
    this.options = options;
    const { promise, resolve } = Promise.withResolvers<SupervisorEnd>();
    this.ended = promise;
    this.resolve = resolve;
  }

  /** How often the task was started again. */
  get restarts(): number {
    return this.restartCount;
  }

  /** The saved position that the last failed task came to; undefined when none failed or came so far. */
  get lastProgress(): Position | undefined {
    return this.progress;
  }

  start(): void {
    this.cancelDelay = undefined;
    this.task = this.options.create();
    void this.task.closed.then((end) => this.onEnd(end));
    this.task.start();
  }

  /** Drains the task; one that waits to be started again is not started any more. */
  async drain(): Promise<SupervisorEnd> {
    this.draining = true;
    if (this.cancelDelay !== undefined || this.asking || this.task === undefined) this.resolve({ kind: 'drained' });
    this.cancelDelay?.();
    await this.task?.drain();
    return this.ended;
  }

  private onEnd(end: TaskEnd): void {
    if (end.state === 'closed') this.resolve({ kind: 'drained' });
    else this.onFailure(end.error, end.position ?? this.progress);
  }

  private onFailure(error: unknown, progress: Position | undefined): void {
    this.progress = progress;
    const fate = fateOf(error);
    this.remember(fate !== 'retry');
    const failures = this.failures.filter(({ counted }) => counted).length;
    if (this.draining || fate === 'stop') this.resolve({ kind: 'stopped', error });
    else if (failures > MOST_RESTARTS) this.resolve({ kind: 'stopped', error: this.keepsFailing(failures, error) });
    else if (isTakenOver(error) && this.options.tenure !== undefined) void this.restartIfOurs(this.options.tenure, error);
    else this.restartLater(error);
  }

  private async restartIfOurs(tenure: Tenure, error: unknown): Promise<void> {
    this.asking = true;
    const isOurs = await tenure.confirmed();
    this.asking = false;
    if (isOurs && !this.draining) this.restartLater(error);
    else this.resolve({ kind: 'drained' });
  }

  private remember(counted: boolean): void {
    const atMs = this.options.clock.monotonic();
    this.failures = [...this.failures.filter((failure) => atMs - failure.atMs < WINDOW_MS), { atMs, counted }];
  }

  private restartLater(error: unknown): void {
    const spread = 0.5 + (this.options.random ?? Math.random)() / 2;
    const delayMs = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (this.failures.length - 1)) * spread;
    this.restartCount++;
    this.options.onRestart?.({ restarts: this.restartCount, delayMs, error });
    this.cancelDelay = this.options.clock.after(delayMs, () => this.start());
  }

  private keepsFailing(failures: number, cause: unknown): OcelliError {
    const { name } = this.options;
    const sentence = `The task ${name} failed ${failures} times within ${WINDOW_MS / 1000} s, saved up to position ${this.progress ?? 0}, and is not started again: ${sentenceOf(cause)}`;
    return new OcelliError('TASK_KEEPS_FAILING', sentence, { cause, task: name });
  }
}

function isTakenOver(error: unknown): boolean {
  return error instanceof OcelliError && error.code === 'STATE_STALE_OWNER';
}
