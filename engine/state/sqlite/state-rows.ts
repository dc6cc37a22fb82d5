import type { Connection } from '../../sqlite/connection.ts';
import type { TableChange, TableRow } from '../state-store.ts';

/*
 * Readable rows, for other programs with the sqlite3 shell: one line a row, its fields as JSON, so that a field may have any name (a
 * label of a model, in any spelling) and a new one needs no change of the schema:
 *
 *   sqlite3 -readonly data/ocelli.db "SELECT row, fields ->> 'count' FROM state_rows WHERE name = 'windows'"
 */

/** Applies one change; within the transaction that commits the state. Throws a TypeError for adding to a text. */
export function changeTable(connection: Connection, change: TableChange): void {
  const { table, row } = change;
  if ('remove' in change) {
    connection.run('DELETE FROM state_rows WHERE name = ? AND row = ?', table, row);
    return;
  }
  const before = readRow(connection, table, row);
  const after = 'set' in change ? { ...before, ...change.set } : { ...before, ...added(change, before) };
  connection.run('INSERT OR REPLACE INTO state_rows VALUES (?, ?, ?)', table, row, JSON.stringify(after));
}

export function readTable(connection: Connection, table: string): Map<string, TableRow> {
  const rows = connection.all<{ row: string; fields: string }>('SELECT row, fields FROM state_rows WHERE name = ? ORDER BY row', table);
  return new Map(rows.map(({ row, fields }) => [row, JSON.parse(fields) as TableRow]));
}

function readRow(connection: Connection, table: string, row: string): TableRow {
  const stored = connection.get<{ fields: string }>('SELECT fields FROM state_rows WHERE name = ? AND row = ?', table, row);
  return stored === undefined ? {} : (JSON.parse(stored.fields) as TableRow);
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
