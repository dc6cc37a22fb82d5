import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { sqliteError } from './sqlite-error.ts';

export interface ConnectionOptions {
  readonly readOnly?: boolean;
  /** How long a statement may block this thread while another connection writes. */
  readonly busyMs?: number;
}

/**
 * One connection to a SQLite file, synchronous: for the thread that opened it. Statements are prepared once and used again. Every
 * failure of SQLite comes out as an OcelliError (LOG_FULL, LOG_UNAVAILABLE, LOG_CORRUPT).
 */
export class Connection {
  readonly path: string;
  private readonly database: DatabaseSync;
  private readonly statements = new Map<string, StatementSync>();

  constructor(path: string, { readOnly = false, busyMs = 0 }: ConnectionOptions = {}) {
    this.path = path;
    this.database = this.guard(() => new DatabaseSync(path, { readOnly, timeout: busyMs }));
  }

  /** Runs statements that answer nothing. */
  exec(sql: string): void {
    this.guard(() => this.database.exec(sql));
  }

  run(sql: string, ...values: SQLInputValue[]): void {
    this.guard(() => this.prepare(sql).run(...values));
  }

  all<Row>(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.guard(() => this.prepare(sql).all(...values)) as Row[];
  }

  get<Row>(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.guard(() => this.prepare(sql).get(...values)) as Row | undefined;
  }

  /** Rows one after the other, so that a reader can stop early. */
  *each<Row>(sql: string, ...values: SQLInputValue[]): Generator<Row> {
    const rows = this.guard(() => this.prepare(sql).iterate(...values));
    try {
      for (let row = this.guard(() => rows.next()); !row.done; row = this.guard(() => rows.next())) yield row.value as Row;
    } finally {
      rows.return?.();
    }
  }

  /** One number: of a pragma or a count. */
  number(sql: string): number {
    return Number(Object.values(this.get<Record<string, unknown>>(sql) ?? {})[0]);
  }

  /** All of `work` or nothing of it. Takes the write lock first, so that `work` is never refused half-way by another writer. */
  transaction<T>(work: () => T): T {
    return this.between('BEGIN IMMEDIATE', work);
  }

  /** Everything that `work` reads belongs to one moment. */
  snapshot<T>(work: () => T): T {
    return this.between('BEGIN', work);
  }

  close(): void {
    this.statements.clear();
    this.guard(() => this.database.close());
  }

  private between<T>(begin: string, work: () => T): T {
    this.run(begin);
    try {
      const result = work();
      this.run('COMMIT');
      return result;
    } catch (error) {
      if (this.database.isTransaction) this.run('ROLLBACK');
      throw error;
    }
  }

  private prepare(sql: string): StatementSync {
    const known = this.statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.database.prepare(sql);
    this.statements.set(sql, statement);
    return statement;
  }

  private guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw sqliteError(error, this.path);
    }
  }
}
