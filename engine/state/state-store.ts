import type { TableChange, TableRow } from '../contract/table-change.ts';
import type { Position } from '../log/log.ts';

export type { TableChange, TableRow };

/**
 * Where tasks keep their state: plain bytes by key, together with the position of the input that they come from. Every commit is kept when
 * it resolves, and what a store is kept in is closed by whoever opened that. Two implementations (SQLite and Redis) share one behaviour
 * suite, `test/suites/state-store.suite.ts`.
 */
export interface StateStore {
  /** Takes a task over; the previous owner's next commit fails with STATE_STALE_OWNER and changes nothing. */
  acquire(task: string): Promise<Ownership>;
  /** The readable rows of a table (see TableChange), by row. Empty for a table that nobody ever wrote. */
  readTable(table: string): Promise<ReadonlyMap<string, TableRow>>;
}

/**
 * The right to commit a task's state, until somebody else acquires the task. A task compares `position` with `Log.bounds` of its input:
 * beyond the end or before the start, log and state do not belong together (STATE_POSITION_LOST).
 */
export interface Ownership {
  /** Rises with each `acquire` of the task, from 1. For people and logs; the fence also checks a random token. */
  readonly epoch: number;
  /** The first input that was not in the state when the task was acquired; 0 for a task that never committed. */
  readonly position: Position;
  /** The state that belongs to `position`. Throws STATE_STALE_OWNER when somebody else owns the task by now. */
  load(): Promise<ReadonlyMap<string, Uint8Array>>;
  /**
   * All or nothing, and only if the owner's token and `expected` are the stored ones. `null` removes a key. Never called twice at once.
   * Throws STATE_STALE_OWNER when somebody else owns the task or the store stands elsewhere than `expected`: the task must be dropped
   * without emitting, and may be acquired again.
   */
  commit(
    expected: Position,
    next: Position,
    changed: ReadonlyMap<string, Uint8Array | null>,
    tables: readonly TableChange[],
  ): Promise<void>;
}
