import type { TaskStart } from '../engine/cli/application.ts';
import { SystemClock } from '../engine/clock.ts';
import type { Configuration } from '../engine/config/configuration.ts';
import { silentLogger } from '../engine/observe/logger.ts';
import { analysisTasks } from './analysis.ts';
import { openStores } from './open-stores.ts';

/**
 * Accepts that state is lost: makes the store ready and takes each task over once, so that those without state begin anew at the next
 * start, from what the log still holds. Tasks that have state keep it.
 */
export async function beginAgain(configuration: Configuration, file: string): Promise<readonly TaskStart[]> {
  const stores = { configuration, file, clock: new SystemClock(), logger: silentLogger, acceptEmpty: true };
  const { log, state, close } = await openStores(stores);
  try {
    const owners = analysisTasks(log.partitions).map(async (task) => ({ task, position: (await state.store.acquire(task)).position }));
    return await Promise.all(owners);
  } finally {
    await close();
  }
}
