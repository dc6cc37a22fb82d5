import type { TableChange } from '../../contract/table-change.ts';

/**
 * Table changes since the last checkpoint, in order. A `set` behind a `set` of the same row, with nothing to that row in between, is
 * joined to it, so a row that is set at every frame costs one change a checkpoint. `add` is never joined: sums of fractions depend on
 * the order of adding, and would differ with where a checkpoint fell.
 */
export class TableBuffer {
  private changes: TableChange[] = [];
  /** Where the last change of each row stands. */
  private readonly last = new Map<string, number>();

  push(change: TableChange): void {
    const key = JSON.stringify([change.table, change.row]);
    const index = this.last.get(key);
    const before = index === undefined ? undefined : this.changes[index];
    if (index !== undefined && before !== undefined && 'set' in before && 'set' in change) {
      this.changes[index] = { ...before, set: { ...before.set, ...change.set } };
      return;
    }
    this.last.set(key, this.changes.length);
    this.changes.push(change);
  }

  takeAll(): readonly TableChange[] {
    const taken = this.changes;
    this.changes = [];
    this.last.clear();
    return taken;
  }
}
