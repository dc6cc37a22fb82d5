import type { Connection } from '../../sqlite/connection.ts';
import type { TableChange, TableRow } from '../state-store.ts';
import { changedRow } from '../table-row.ts';

/*
 * Readable rows, for other programs with the sqlite3 shell: one line a row, its fields as JSON, so that a field may have any name (a
 * label of a model, in any spelling) and a new one needs no change of the schema:
 *
 *   sqlite3 -readonly data/ocelli.db "SELECT row, fields ->> 'count' FROM state_rows WHERE name = 'windows'"
 */

/** Applies one change; within the transaction that commits the state. Throws a TypeError for adding to a text. */
export function changeTable(connection: Connection, change: TableChange): void {
  const { table, row } = change;
  const after = changedRow(change, readRow(connection, table, row));
  if (after === undefined) connection.run('DELETE FROM state_rows WHERE name = ? AND row = ?', table, row);
  else connection.run('INSERT OR REPLACE INTO state_rows VALUES (?, ?, ?)', table, row, JSON.stringify(after));
}

export function readTable(connection: Connection, table: string): Map<string, TableRow> {
  const rows = connection.all<{ row: string; fields: string }>('SELECT row, fields FROM state_rows WHERE name = ? ORDER BY row', table);
  return new Map(rows.map(({ row, fields }) => [row, JSON.parse(fields) as TableRow]));
}

function readRow(connection: Connection, table: string, row: string): TableRow | undefined {
  const stored = connection.get<{ fields: string }>('SELECT fields FROM state_rows WHERE name = ? AND row = ?', table, row);
  return stored === undefined ? undefined : (JSON.parse(stored.fields) as TableRow);
}
