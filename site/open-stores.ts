import type { Clock } from '../engine/clock.ts';
import type { Configuration } from '../engine/config/configuration.ts';
import type { Log } from '../engine/log/index.ts';
import type { Logger } from '../engine/observe/logger.ts';
import { StatePartitionTable, type StateStore } from '../engine/state/index.ts';
import { openLog } from './open-log.ts';
import { openState, type SiteState } from './open-state.ts';

/** The log and the state of a site, which know each other: the state may share the log's file, and keeps its cameras' partitions. */
export interface SiteStores {
  readonly log: Log;
  /** The file of the log, if it is in one. */
  readonly logFile: string | undefined;
  readonly state: SiteState;
  /** Commits what was taken, then closes both. */
  close(): Promise<void>;
}

export interface StoreNeeds {
  readonly configuration: Configuration;
  /** The configuration file: relative paths begin there. */
  readonly file: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** An empty state is taken for a new one whatever the log holds. */
  readonly acceptEmpty?: boolean;
}

export async function openStores({ configuration, acceptEmpty = false, ...needs }: StoreNeeds): Promise<SiteStores> {
  const store = Promise.withResolvers<StateStore>();
  store.promise.catch(() => {});
  const { log, database, close } = await openLog({ ...needs, configuration, table: new StatePartitionTable(store.promise, needs.clock) });
  try {
    const state = await openState(configuration.state, { ...needs, log, acceptEmpty, ...(database === undefined ? {} : { database }) });
    store.resolve(state.store);
    return { log, logFile: database?.path, state, close: () => closeBoth(state, close) };
  } catch (error) {
    store.reject(error);
    await close();
    throw error;
  }
}

async function closeBoth(state: SiteState, closeLog: () => Promise<void>): Promise<void> {
  await state.close();
  await closeLog();
}
