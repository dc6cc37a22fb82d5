import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database } from '../../../engine/sqlite/index.ts';
import { SqliteSessions, SqliteStateStore } from '../../../engine/state/index.ts';
import { sessionsSuite } from '../../suites/sessions.suite.ts';
import { stateStoreSuite } from '../../suites/state-store.suite.ts';

/** A database file, and what is made on it each time that it is opened. */
function reopenable<T>(make: (database: Database) => T) {
  const folder = mkdtempSync(join(tmpdir(), 'ocelli-state-'));
  const path = join(folder, 'ocelli.db');
  let database = new Database(path);
  let made = make(database);
  return {
    get: () => made,
    async reopen() {
      database.close();
      database = new Database(path);
      made = make(database);
    },
    async close() {
      database.close();
      rmSync(folder, { recursive: true });
    },
  };
}

stateStoreSuite('SQLite', async () => {
  const { get, reopen, close } = reopenable((database) => new SqliteStateStore(database));
  return {
    get store() {
      return get();
    },
    reopen,
    close,
  };
});

sessionsSuite('SQLite', async () => {
  const { get, reopen, close } = reopenable((database) => new SqliteSessions(database));
  return {
    get sessions() {
      return get();
    },
    reopen,
    close,
  };
});
