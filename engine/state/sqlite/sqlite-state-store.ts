import { randomUUID } from 'node:crypto';
import type { Position } from '../../log/log.ts';
import type { Connection } from '../../sqlite/connection.ts';
import type { Database } from '../../sqlite/database.ts';
import { standsElsewhere, takenOver } from '../stale-owner.ts';
import type { Ownership, StateStore, TableChange, TableRow } from '../state-store.ts';
import { changeTable, readTable } from './state-rows.ts';

/** The state store of the embedded deployment: tables of the database that the log may share. See `StateStore`. */
export class SqliteStateStore implements StateStore {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  async acquire(task: string): Promise<Ownership> {
    const token = randomUUID();
    const { connection } = this.database;
    const row = await this.database.write(() => takeOver(connection, task, token));
    return new SqliteOwnership(this.database, task, token, row);
  }

  async readTable(table: string): Promise<ReadonlyMap<string, TableRow>> {
    return readTable(this.database.connection, table);
  }
}

interface TaskRow {
  readonly epoch: number;
  readonly position: Position;
}

class SqliteOwnership implements Ownership {
  readonly epoch: number;
  readonly position: Position;
  private readonly database: Database;
  private readonly task: string;
  private readonly token: string;

  constructor(database: Database, task: string, token: string, { epoch, position }: TaskRow) {
    this.database = database;
    this.task = task;
    this.token = token;
    this.epoch = epoch;
    this.position = position;
  }

  async load(): Promise<ReadonlyMap<string, Uint8Array>> {
    const { connection } = this.database;
    return connection.snapshot(() => {
      this.checkOwner();
      const rows = connection.all<{ key: string; value: Uint8Array }>('SELECT key, value FROM task_state WHERE task = ?', this.task);
      return new Map(rows.map(({ key, value }) => [key, value]));
    });
  }

  async commit(
    expected: Position,
    next: Position,
    changed: ReadonlyMap<string, Uint8Array | null>,
    tables: readonly TableChange[],
  ): Promise<void> {
    const { connection } = this.database;
    await this.database.write(() => {
      this.checkPosition(expected);
      for (const [key, value] of changed) saveKey(connection, this.task, key, value);
      for (const change of tables) changeTable(connection, change);
      connection.run('UPDATE tasks SET position = ? WHERE task = ?', next, this.task);
    });
  }

  private checkPosition(expected: Position): void {
    const { position } = this.checkOwner();
    if (position !== expected) throw standsElsewhere(this.task, this.epoch, position, expected);
  }

  private checkOwner(): TaskRow {
    const sql = 'SELECT epoch, position, token FROM tasks WHERE task = ?';
    const row = this.database.connection.get<TaskRow & { token: string }>(sql, this.task);
    if (row?.token !== this.token) throw takenOver(this.task, this.epoch, row?.epoch);
    return row;
  }
}

function takeOver(connection: Connection, task: string, token: string): TaskRow {
  const sql = `
    INSERT INTO tasks (task, epoch, token, position) VALUES (?, 1, ?, 0)
    ON CONFLICT (task) DO UPDATE SET epoch = epoch + 1, token = excluded.token
    RETURNING epoch, position`;
  const row = connection.get<TaskRow>(sql, task, token);
  if (row === undefined) throw new Error(`SQLite returned no row for task ${task}.`);
  return row;
}

function saveKey(connection: Connection, task: string, key: string, value: Uint8Array | null): void {
  if (value === null) connection.run('DELETE FROM task_state WHERE task = ? AND key = ?', task, key);
  else connection.run('INSERT OR REPLACE INTO task_state VALUES (?, ?, ?)', task, key, value);
}
