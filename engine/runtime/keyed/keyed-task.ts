import { setImmediate } from 'node:timers/promises';
import type { Position } from '../../log/log.ts';
import { openTaskRun } from './open-task-run.ts';
import { Signal } from './signal.ts';
import type { KeyedTaskOptions, TaskRun } from './task-run.ts';
import { moveTo, type TaskState } from './task-state.ts';

/** How a task ended. `position`: the first input that is not in the saved state; undefined if it never came so far. */
export type TaskEnd =
  | { readonly state: 'closed'; readonly position: Position | undefined }
  | { readonly state: 'failed'; readonly position: Position | undefined; readonly error: unknown };

/** How far a task is: the first input that is not processed, the first that is not in the saved state, and its owner's epoch. */
export interface TaskProgress {
  readonly reached: Position;
  readonly saved: Position;
  readonly epoch: number;
}

/**
 * One task: all cameras of one partition of a topic, taken through fused keyed operators (life: see TaskState).
 *
 *   log ─▶ batch ─▶ place rule ─▶ operators ─▶ log          … and at most every `checkpointMs`: output committed ─▶ states + position saved
 *
 * Output is written as it comes, state afterwards. So after a crash the task runs again what was not saved, from the same records to the
 * same results, and what it emits again is dropped by place. It runs on committed records only and never looks at a wall clock.
 * `settings` marks are records like any other: they reach each operator in their place.
 */
export class KeyedTask {
  /** Resolves when the task has ended, with the reason; never rejects. */
  readonly closed: Promise<TaskEnd>;
  private readonly options: KeyedTaskOptions;
  private readonly signal = new Signal();
  private readonly waiters = new Set<() => void>();
  private readonly end: (end: TaskEnd) => void;
  private current: TaskState = 'created';
  private run: TaskRun | undefined;
  private resting = false;
  private cancelWake: (() => void) | undefined;

  constructor(options: KeyedTaskOptions) {
    this.options = options;
    const { promise, resolve } = Promise.withResolvers<TaskEnd>();
    this.closed = promise;
    this.end = resolve;
  }

  get state(): TaskState {
    return this.current;
  }

  /** How far it is; undefined before its state is loaded. */
  get progress(): TaskProgress | undefined {
    return this.run && { reached: this.run.reached, saved: this.run.saved, epoch: this.run.epoch };
  }

  /** Begins, once. How it goes is told by `closed`. */
  start(): void {
    if (this.options.tenure?.lost.aborted) {
      this.finish({ state: 'closed', position: undefined });
      return;
    }
    this.move('acquiring');
    void this.live();
  }

  /** Reads no more, saves what was read unless the task is lost, and closes. May be called at any time, also again. */
  drain(): Promise<TaskEnd> {
    if (this.current === 'created') this.finish({ state: 'closed', position: undefined });
    if (this.current === 'acquiring' || this.current === 'running') this.move('draining');
    this.signal.raise();
    return this.closed;
  }

  /** Resolves when every input below `position` is processed and nothing is left to do, or when the task has ended. */
  async idle(position: Position = 0): Promise<void> {
    while (!this.isIdle(position) && !this.hasEnded()) await new Promise<void>((resolve) => this.waiters.add(resolve));
  }

  private async live(): Promise<void> {
    const { log, input, partition, tenure } = this.options;
    const stopListening = log.onCommit(input, partition, () => this.signal.raise());
    const onLost = () => void this.drain();
    tenure?.lost.addEventListener('abort', onLost);
    try {
      this.run = await openTaskRun(this.options, () => this.signal.raise());
      if (this.current === 'acquiring') this.move('running');
      await this.work(this.run);
      if (tenure?.lost.aborted) await this.run.settle();
      else await this.run.checkpoint();
      this.finish({ state: 'closed', position: this.run.saved });
    } catch (error) {
      await this.run?.settle();
      this.finish({ state: 'failed', position: this.run?.saved, error });
    } finally {
      this.cancelWake?.();
      stopListening();
      tenure?.lost.removeEventListener('abort', onLost);
    }
  }

  private async work(run: TaskRun): Promise<void> {
    while (this.current === 'running') {
      const moved = await run.takeBatch();
      if (run.checkpointInMs === 0) await run.checkpoint();
      if (moved) await setImmediate();
      else await this.rest(run);
    }
  }

  /** Waits for new records, for the next checkpoint, or for the end. */
  private async rest({ checkpointInMs }: TaskRun): Promise<void> {
    if (checkpointInMs !== undefined) this.wakeIn(checkpointInMs);
    this.resting = true;
    this.tellWaiters();
    await this.signal.wait();
    this.resting = false;
    this.signal.lower();
  }

  /** One timer serves all rests until a checkpoint: a new one for each rest costs as much as the rest of it. */
  private wakeIn(delayMs: number): void {
    this.cancelWake ??= this.options.clock.after(delayMs, () => {
      this.cancelWake = undefined;
      this.signal.raise();
    });
  }

  private isIdle(position: Position): boolean {
    return this.resting && !this.signal.isRaised && this.run !== undefined && this.run.reached >= position;
  }

  private hasEnded(): boolean {
    return this.current === 'closed' || this.current === 'failed';
  }

  private finish(end: TaskEnd): void {
    this.move(end.state);
    this.end(end);
    this.tellWaiters();
  }

  private move(to: TaskState): void {
    this.current = moveTo(this.current, to);
    this.options.observer?.moved?.(to);
  }

  private tellWaiters(): void {
    const waiters = [...this.waiters];
    this.waiters.clear();
    for (const waiter of waiters) waiter();
  }
}
