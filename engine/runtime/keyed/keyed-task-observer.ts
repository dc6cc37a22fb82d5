import type { Position } from '../../log/log.ts';
import type { DeadLetterRecord, GapRecord, StreamRecord } from '../../records/record.ts';
import type { AnyRecord, Topic } from '../../records/topic.ts';
import type { FreshStart } from './camera-state.ts';
import type { TaskState } from './task-state.ts';

/** What a checkpoint wrote, and how long the task stood still for it. */
export interface CheckpointFacts {
  readonly position: Position;
  readonly cameras: number;
  readonly stateBytes: number;
  readonly tableChanges: number;
  readonly tookMs: number;
}

/** That an operator threw on an input: the how-manieth time, and what it threw. */
export interface FailureFacts {
  readonly camera: string;
  readonly position: Position;
  readonly throws: number;
  readonly error: unknown;
}

/** That a task ended by an error and is started again, `delayMs` from now. */
export interface RestartFacts {
  readonly restarts: number;
  readonly delayMs: number;
  readonly error: unknown;
}

/**
 * Told of what a keyed task does; for metrics, logs and tests. Called on the hot path: be quick, never throw, change nothing. What runs
 * again after a failure is told once only.
 */
export interface KeyedTaskObserver {
  moved?(state: TaskState): void;
  /** A record of the input was new and is processed. */
  taken?(record: StreamRecord): void;
  /** A record of the input was known already, by its place. */
  dropped?(record: StreamRecord): void;
  /** Places that no record covers; operators have seen this gap. */
  hole?(gap: GapRecord): void;
  /** Records on their way to the log. */
  emitted?(topic: Topic, records: readonly AnyRecord[]): void;
  /** Records that the topic holds already, from before a crash; not written. */
  repeated?(topic: Topic, records: number): void;
  checkpoint?(facts: CheckpointFacts): void;
  failed?(facts: FailureFacts): void;
  deadLetter?(letter: DeadLetterRecord): void;
  freshStart?(facts: FreshStart): void;
  restart?(facts: RestartFacts): void;
}
