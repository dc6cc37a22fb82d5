import type { TableChange, TableRow } from '../contract/table-change.ts';

/** What a change makes of a row; `undefined` where there is none, before or behind it. Throws a TypeError for adding to a text. */
export function changedRow(change: TableChange, before: TableRow | undefined): TableRow | undefined {
  if ('remove' in change) return undefined;
  return 'set' in change ? { ...before, ...change.set } : { ...before, ...added(change, before ?? {}) };
}

function added(change: Extract<TableChange, { add: unknown }>, before: TableRow): TableRow {
  return Object.fromEntries(
    Object.entries(change.add).map(([field, amount]) => {
      const value = Object.hasOwn(before, field) ? before[field] : 0;
      if (typeof value === 'number') return [field, value + amount];
      throw new TypeError(
        `Row ${change.row} of table ${change.table} holds the text "${value}" in ${field}; a number can only be added to a number.`,
      );
    }),
  );
}
