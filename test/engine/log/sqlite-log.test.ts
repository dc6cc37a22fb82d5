import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteLog } from '../../../engine/log/index.ts';
import { TOPICS } from '../../../engine/records/topic.ts';
import { Database } from '../../../engine/sqlite/index.ts';
import { ManualClock } from '../../manual-clock.ts';
import { type LogHarness, logSuite } from '../../suites/log.suite.ts';

const MOST_PAGES = 2 ** 30;

async function open(): Promise<LogHarness> {
  const folder = mkdtempSync(join(tmpdir(), 'ocelli-log-'));
  const clock = new ManualClock();
  let database = new Database(join(folder, 'ocelli.db'), { clock });
  let log = await SqliteLog.open(database);
  const close = async () => {
    await log.close();
    database.close();
  };
  return {
    get log() {
      return log;
    },
    noRoom: 'LOG_FULL',
    async reopen() {
      await close();
      database = new Database(join(folder, 'ocelli.db'), { clock });
      log = await SqliteLog.open(database);
    },
    async fill() {
      database.connection.exec(`PRAGMA max_page_count = ${database.connection.number('PRAGMA page_count')}`);
    },
    async makeRoom() {
      database.connection.exec(`PRAGMA max_page_count = ${MOST_PAGES}`);
    },
    async expireAll() {
      clock.advance(TOPICS.detections.keptMs + 1);
      await log.maintain();
    },
    async close() {
      await close();
      rmSync(folder, { recursive: true });
    },
  };
}

logSuite('SQLite', open);
