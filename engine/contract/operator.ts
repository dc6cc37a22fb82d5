import type { Place } from '../records/place.ts';
import type { AnyRecord, RecordOf, Topic } from '../records/topic.ts';
import type { TableChange } from './table-change.ts';

/**
 * Work without memory on frames of many cameras. May be slow. Answers every item exactly once, in any order; the runtime restores the
 * order per camera. `open` is called once before the first batch and loads and warms up what `process` needs.
 */
export interface BatchOperator<In, Out> {
  readonly name: string;
  open(): Promise<OpenBatchOperator<In, Out>>;
}

export interface OpenBatchOperator<In, Out> {
  /** The provider's policy: how many items make a good batch, how long to wait for them, and how many batches may be under way at once. */
  readonly batch: { readonly size: number; readonly waitMs: number; readonly parallel: number };
  /** Never called with more than `batch.size` items, nor more than `batch.parallel` times at once. Resolves when every item is answered. */
  process(items: readonly BatchItem<In, Out>[], signal: AbortSignal): Promise<void>;
  /** Called once, when no batch is under way. */
  close(): Promise<void>;
}

export interface BatchItem<In, Out> {
  readonly input: In;
  answer(output: Out): void;
  reject(error: unknown): void;
}

/**
 * Stateful work on one camera's records, in order. Synchronous and deterministic: no clock, no I/O, no randomness. Settings arrive as
 * records (`mark: settings`). The runtime applies the place rule before, so a record never comes twice and a hole comes as a gap.
 */
export interface KeyedOperator<State, In extends Topic, Out extends Topic> {
  readonly name: string;
  /** Rises when the shape of the state changes; `upgrade` turns an older state into today's, and without it the operator starts afresh. */
  readonly stateVersion: number;
  readonly consumes: In;
  readonly emits: readonly Out[];
  /** Plain data, may hold typed arrays; saved by `v8.serialize`. */
  initial(camera: string): State;
  /** May change `state` in place. A throw takes the camera back to its last checkpoint. */
  process(record: RecordOf<In>, state: State, out: Emitter<Out>): void;
  /**
   * Event time of the camera has reached a time that `out.wakeAt` asked for. Called in order of time, before the first record whose `time`
   * is at least that (a record at the very end of a minute comes after the minute's timer). A gap is processed at its `time` and moves
   * event time to its `until` only then, so a timer due inside a gap is called behind it. What is emitted stands at `out.place`.
   */
  onTime?(time: number, state: State, out: Emitter<Out>): void;
  upgrade?(old: unknown, fromVersion: number): State;
}

export interface Emitter<Out extends Topic> {
  /** The last place of the record that is processed, or that moved time on: where everything emitted now must end. */
  readonly place: Place;
  /**
   * Hands a record to later operators of the task that consume this topic, and to the log. It ends at `place`; another camera or place is
   * refused with OPERATOR_FAILED. Must not be changed afterwards.
   */
  emit<T extends Out>(topic: T, record: RecordOf<T>): void;
  /**
   * Asks for `onTime` once the camera's event time is at least `time`, in whole milliseconds. Asking for the same time again changes
   * nothing; a time that has been reached already counts as the next millisecond. Kept with the state.
   */
  wakeAt(time: number): void;
  /** Changes a readable row for other programs in the same step as the state: once for each record, whatever crashes. */
  table(change: TableChange): void;
}

/** A keyed operator whose state type does not matter to whom runs it. */
// biome-ignore lint/suspicious/noExplicitAny: the state is private to the operator; a task holds operators of many state types in one list.
export type AnyKeyedOperator = KeyedOperator<any, Topic, Topic>;
export type { AnyRecord };
