import type { Position } from '../log/log.ts';

/**
 * Where tasks keep their state: plain bytes by key, together with the position of the input that they come from. Two implementations
 * (SQLite and Redis) share one behaviour suite, `test/suites/state-store.suite.ts`.
 */
export interface StateStore {
  /** Takes a task over; the previous owner's next commit fails with STATE_STALE_OWNER and changes nothing. */
  acquire(task: string): Promise<Ownership>;
  close(): Promise<void>;
}

export interface Ownership {
  /** The first input that is not yet in the state; 0 for a task that never committed. */
  readonly position: Position;
  load(): Promise<ReadonlyMap<string, Uint8Array>>;
  /**
   * All or nothing, and only if the owner's token and `expected` are the stored ones. `null` removes a key. Never called twice at once.
   * Throws STATE_STALE_OWNER when somebody else owns the task: it must be dropped without emitting.
   */
  commit(
    expected: Position,
    next: Position,
    changed: ReadonlyMap<string, Uint8Array | null>,
    tables: readonly TableChange[],
  ): Promise<void>;
}

/** A readable row for other programs, set or added to in the same step as the state. */
export type TableChange =
  | { readonly table: string; readonly row: string; readonly set: Readonly<Record<string, string | number>> }
  | { readonly table: string; readonly row: string; readonly add: Readonly<Record<string, number>> }
  | { readonly table: string; readonly row: string; readonly remove: true };
