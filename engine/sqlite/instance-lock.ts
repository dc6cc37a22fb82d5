import { OcelliError } from '../errors.ts';
import { Connection } from './connection.ts';
import { isBusy } from './sqlite-error.ts';

const ATTEMPTS = 3;
/** Others hold the file for a moment only, to read or write the pid; whoever holds it for longer is the owner. */
const BUSY_MS = 100;

/**
 * Keeps a second process from the same database, by a write transaction on `<path>.lock` that is never committed: the operating system
 * ends it with the process, whatever kills it, so there is no stale lock to clear away. The file holds the owner's pid in a table; it is
 * committed first, and the lock is only ours when the transaction that stays open still sees our pid.
 */
export class InstanceLock {
  private readonly connection: Connection;

  /** Throws LOG_IN_USE, naming the owner's pid, or LOG_UNAVAILABLE where the file cannot be written. */
  constructor(path: string, pid = process.pid) {
    this.connection = new Connection(`${path}.lock`, { busyMs: BUSY_MS });
    try {
      this.connection.exec('PRAGMA synchronous = OFF');
      if (!this.take(pid)) throw inUse(path, readPid(`${path}.lock`));
    } catch (error) {
      this.connection.close();
      throw error;
    }
  }

  release(): void {
    this.connection.close();
  }

  private take(pid: number): boolean {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (!this.begin()) return false;
      this.connection.exec('CREATE TABLE IF NOT EXISTS owner (pid INTEGER NOT NULL)');
      if (this.connection.get<{ pid: number }>('SELECT pid FROM owner')?.pid === pid) return true;
      this.connection.exec(`DELETE FROM owner; INSERT INTO owner VALUES (${pid}); COMMIT`);
    }
    return false;
  }

  private begin(): boolean {
    try {
      this.connection.exec('BEGIN IMMEDIATE');
      return true;
    } catch (error) {
      if (isBusy(error)) return false;
      throw error;
    }
  }
}

function readPid(path: string): number | undefined {
  const reader = new Connection(path, { readOnly: true, busyMs: BUSY_MS });
  try {
    return reader.get<{ pid: number }>('SELECT pid FROM owner')?.pid;
  } finally {
    reader.close();
  }
}

function inUse(path: string, pid: number | undefined): OcelliError {
  const who = pid === undefined ? 'another process' : `process ${pid}`;
  return new OcelliError(
    'LOG_IN_USE',
    `${path} is in use by ${who}. One process writes a database: stop that one first, or give this one a file of its own in \`log:\` and \`state:\`. Reading is possible meanwhile: ocelli tail.`,
    { path, pid },
  );
}
