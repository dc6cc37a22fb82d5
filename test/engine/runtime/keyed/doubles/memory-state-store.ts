import { OcelliError } from '../../../../../engine/errors.ts';
import type { Position } from '../../../../../engine/log/log.ts';
import type { Ownership, StateStore, TableChange, TableRow } from '../../../../../engine/state/state-store.ts';

interface StoredTask {
  epoch: number;
  position: Position;
  readonly keys: Map<string, Uint8Array>;
}

/** A state store in memory. It is the disk as well: a crash of a task leaves it as it is. `fenced: false` is the negative control. */
export class MemoryStateStore implements StateStore {
  private readonly tasks = new Map<string, StoredTask>();
  private readonly tables = new Map<string, Map<string, Record<string, string | number>>>();
  private readonly fenced: boolean;

  constructor({ fenced = true } = {}) {
    this.fenced = fenced;
  }

  async acquire(name: string): Promise<Ownership> {
    const task = this.tasks.get(name) ?? { epoch: 0, position: 0, keys: new Map() };
    this.tasks.set(name, task);
    const epoch = ++task.epoch;
    const check = (expected = task.position) => {
      if (this.fenced && (task.epoch !== epoch || task.position !== expected)) throw stale(name, epoch, task);
    };
    return {
      epoch,
      position: task.position,
      load: async () => {
        check();
        return new Map([...task.keys].map(([key, bytes]) => [key, Uint8Array.from(bytes)]));
      },
      commit: async (expected, next, changed, tables) => {
        check(expected);
        this.apply(tables);
        for (const [key, bytes] of changed) setOrRemove(task.keys, key, bytes);
        task.position = next;
      },
    };
  }

  async readTable(table: string): Promise<ReadonlyMap<string, TableRow>> {
    return structuredClone(this.tables.get(table) ?? new Map());
  }

  /** What is saved of a task, for tests to look into. */
  saved(name: string): Readonly<StoredTask> | undefined {
    return this.tasks.get(name);
  }

  /** Loses a task, as a store that was emptied or restored from before its time. */
  forget(name: string): void {
    this.tasks.delete(name);
  }

  /** Every table, as plain objects. */
  allTables(): Record<string, Record<string, TableRow>> {
    return Object.fromEntries([...structuredClone(this.tables)].map(([table, rows]) => [table, Object.fromEntries(rows)]));
  }

  private apply(changes: readonly TableChange[]): void {
    if (changes.length === 0) return;
    const copy = structuredClone(this.tables);
    for (const change of changes) applyChange(copy, change);
    this.tables.clear();
    for (const [name, rows] of copy) this.tables.set(name, rows);
  }
}

function setOrRemove(keys: Map<string, Uint8Array>, key: string, bytes: Uint8Array | null): void {
  if (bytes === null) keys.delete(key);
  else keys.set(key, Uint8Array.from(bytes));
}

function applyChange(tables: Map<string, Map<string, Record<string, string | number>>>, change: TableChange): void {
  const rows = tables.get(change.table) ?? new Map<string, Record<string, string | number>>();
  tables.set(change.table, rows);
  const row = rows.get(change.row) ?? {};
  if ('remove' in change) rows.delete(change.row);
  else if ('set' in change) rows.set(change.row, { ...row, ...change.set });
  else rows.set(change.row, { ...row, ...sums(row, change.add) });
}

function sums(row: TableRow, add: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(add).map(([column, value]) => {
      const old = row[column] ?? 0;
      if (typeof old !== 'number') throw new OcelliError('INPUT_INVALID', `Cannot add ${value} to the text "${old}" in ${column}.`);
      return [column, old + value];
    }),
  );
}

function stale(name: string, epoch: number, task: StoredTask): OcelliError {
  return new OcelliError('STATE_STALE_OWNER', `Task ${name} is not owned by epoch ${epoch} any more.`, { epoch, current: task.epoch });
}
