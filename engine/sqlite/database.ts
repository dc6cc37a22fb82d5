import { mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Clock, pause, SystemClock } from '../clock.ts';
import { OcelliError, sentenceOf } from '../errors.ts';
import { Connection } from './connection.ts';
import { InstanceLock } from './instance-lock.ts';
import { checkVersion, migrate } from './migrate.ts';
import { MIGRATIONS, type Migration } from './schema.ts';
import { isBusy, unwritableSentence } from './sqlite-error.ts';

const BUSY_RETRY_MS = 1;
const BUSY_LIMIT_MS = 10_000;
/** Readers beside us may be in the way of taking up the write-ahead log of a process that was killed. */
const OPENING_BUSY_MS = 5_000;
/** Checkpoints belong to the background worker; this thread does one only when the worker has not come to it for 64 MiB. */
const EMERGENCY_CHECKPOINT_PAGES = 16_384;
/** The write-ahead log is cut back to this when it begins anew: rarely, since cutting a file takes this thread some 10 ms. */
const WAL_KEPT_BYTES = 64 * 2 ** 20;

export interface DatabaseOptions {
  readonly clock?: Clock;
  /**
   * NORMAL: a commit is safe from the death of the process; a power cut may take back the last moments, all of them together, so log and
   * state still fit each other. FULL: a commit is also safe from a power cut, at about six times the cost.
   */
  readonly synchronous?: 'NORMAL' | 'FULL';
  /** For tests of upgrades. */
  readonly migrations?: readonly Migration[];
}

/**
 * The file that log, state and sessions share in the embedded deployment: `data/ocelli.db`, with the write-ahead log `-wal` beside it.
 * Owned by one process at a time. All access from this thread goes through `connection`, all writing through `write`.
 */
export class Database {
  readonly path: string;
  readonly clock: Clock;
  readonly connection: Connection;
  private readonly lock: InstanceLock;

  /**
   * Creates the file, or brings an older one to the newest schema after copying it. Throws LOG_IN_USE, LOG_NEWER_VERSION, LOG_CORRUPT,
   * LOG_FULL, or LOG_UNAVAILABLE when file or folder cannot be written.
   */
  constructor(path: string, { clock = new SystemClock(), synchronous = 'NORMAL', migrations = MIGRATIONS }: DatabaseOptions = {}) {
    this.path = resolve(path);
    this.clock = clock;
    makeFolder(this.path);
    this.lock = new InstanceLock(this.path);
    try {
      this.connection = openForWriting(this.path, synchronous, migrations);
    } catch (error) {
      this.lock.release();
      throw error;
    }
  }

  /**
   * Runs `work` in a transaction, at once if possible. While another connection holds the write lock (the background worker, for some
   * milliseconds), it is tried again without blocking this thread. Throws LOG_UNAVAILABLE after 10 s, and whatever `work` throws.
   */
  async write<T>(work: () => T): Promise<T> {
    for (const deadline = this.clock.monotonic() + BUSY_LIMIT_MS; ; ) {
      try {
        return this.connection.transaction(work);
      } catch (error) {
        if (!isBusy(error) || this.clock.monotonic() >= deadline) throw error;
      }
      await pause(this.clock, BUSY_RETRY_MS);
    }
  }

  /** After the log and the state store on it are closed. */
  close(): void {
    this.connection.close();
    this.lock.release();
  }
}

function openForWriting(path: string, synchronous: string, migrations: readonly Migration[]): Connection {
  const connection = new Connection(path, { busyMs: OPENING_BUSY_MS });
  try {
    const version = checkVersion(connection, migrations.length);
    connection.exec(`
      PRAGMA auto_vacuum = INCREMENTAL;
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = ${synchronous};
      PRAGMA wal_autocheckpoint = ${EMERGENCY_CHECKPOINT_PAGES};
      PRAGMA journal_size_limit = ${WAL_KEPT_BYTES};
    `);
    migrate(connection, migrations, version);
    connection.exec('PRAGMA busy_timeout = 0');
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

function makeFolder(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
  } catch (error) {
    throw new OcelliError('LOG_UNAVAILABLE', unwritableSentence(path, sentenceOf(error)), { cause: error, path });
  }
}
