import type { TaskStart } from '../engine/cli/application.ts';
import { SystemClock } from '../engine/clock.ts';
import type { Configuration } from '../engine/config/configuration.ts';
import { SqliteLog } from '../engine/log/index.ts';
import { silentLogger } from '../engine/observe/logger.ts';
import { Database } from '../engine/sqlite/database.ts';
import { analysisTasks } from './analysis.ts';
import { openState } from './open-state.ts';
import { databasePath } from './store-address.ts';

/**
 * Accepts that state is lost: makes the store ready and takes each task over once, so that those without state begin anew at the next
 * start, from what the log still holds. Tasks that have state keep it.
 */
export async function beginAgain(configuration: Configuration, file: string): Promise<readonly TaskStart[]> {
  const clock = new SystemClock();
  const database = new Database(databasePath(configuration.log, file), { clock });
  const log = await SqliteLog.open(database);
  const state = await openState(configuration.state, { file, clock, logger: silentLogger, log, database, acceptEmpty: true });
  try {
    const owners = analysisTasks(log.partitions).map(async (task) => ({ task, position: (await state.store.acquire(task)).position }));
    return await Promise.all(owners);
  } finally {
    await state.close();
    await log.close();
    database.close();
  }
}
