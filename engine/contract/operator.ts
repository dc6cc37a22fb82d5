import type { AnyRecord, RecordOf, Topic } from '../records/topic.ts';

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
  /** Event time of the camera has reached a time that `out.wakeAt` asked for. `out.emit` stands at the place of the record that moved time. */
  onTime?(time: number, state: State, out: Emitter<Out>): void;
  upgrade?(old: unknown, fromVersion: number): State;
}

export interface Emitter<Out extends Topic> {
  /** Hands a record to later operators of the task that consume this topic, and to the log. Its place is the one of the record that caused it. */
  emit<T extends Out>(topic: T, record: RecordOf<T>): void;
  /** Asks for `onTime` once the camera's event time is at least `time`. Asking for the same time again changes nothing. Kept with the state. */
  wakeAt(time: number): void;
}

/** A keyed operator whose state type does not matter to whom runs it. */
// biome-ignore lint/suspicious/noExplicitAny: the state is private to the operator; a task holds operators of many state types in one list.
export type AnyKeyedOperator = KeyedOperator<any, Topic, Topic>;
export type { AnyRecord };
