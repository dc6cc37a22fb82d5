import type { TableChange, TableRow } from '../state-store.ts';
import { changedRow } from '../table-row.ts';
import type { Argument, Client } from './client.ts';

/** What a commit writes into one hash. */
export interface HashChanges {
  readonly write: ReadonlyMap<string, Argument>;
  readonly remove: readonly string[];
}

/**
 * What the changes make of the rows: the stored ones are read, changed here, and written by the script of the commit. Nobody can change a
 * row in between: only the owner of the task writes its tables, and the script refuses whoever is not.
 * @returns by table
 */
export async function tableWrites(
  client: Client,
  keyOf: (table: string) => string,
  changes: readonly TableChange[],
): Promise<ReadonlyMap<string, HashChanges>> {
  const writes = new Map<string, HashChanges>();
  for (const [table, itsChanges] of Map.groupBy(changes, ({ table }) => table)) {
    const names = [...new Set(itsChanges.map(({ row }) => row))];
    const stored = (await client.text('HMGET', keyOf(table), ...names)) as (string | null)[];
    writes.set(table, changesOfRows(names, stored.map(parseRow), itsChanges));
  }
  return writes;
}

function changesOfRows(names: readonly string[], stored: readonly (TableRow | undefined)[], changes: readonly TableChange[]): HashChanges {
  const rows = new Map(names.map((name, index) => [name, stored[index]]));
  for (const change of changes) rows.set(change.row, changedRow(change, rows.get(change.row)));
  const write = new Map<string, string>();
  for (const [name, row] of rows) if (row !== undefined) write.set(name, JSON.stringify(row));
  return { write, remove: names.filter((name) => rows.get(name) === undefined) };
}

export function parseRow(text: string | null): TableRow | undefined {
  return text === null ? undefined : (JSON.parse(text) as TableRow);
}
