import type { Ffmpeg } from '../connectors/index.ts';
import type { Clock } from '../engine/clock.ts';
import type { Configuration } from '../engine/config/configuration.ts';
import { sentenceOf } from '../engine/errors.ts';
import { PixelPool } from '../engine/frames/pixel-pool.ts';
import { ViewStore } from '../engine/frames/view-store.ts';
import { type MaintenanceReport, SqliteLog } from '../engine/log/index.ts';
import type { Logger } from '../engine/observe/logger.ts';
import { Metrics } from '../engine/observe/metrics.ts';
import { Database } from '../engine/sqlite/database.ts';
import type { Sessions, StateStore } from '../engine/state/index.ts';
import type { LoadedModel } from '../operators/detect/index.ts';
import { openState } from './open-state.ts';
import { databasePath, sizeBytes } from './store-address.ts';

const POOL_BYTES = 32 * 2 ** 20;

/** What all parts of a running site share. */
export interface SiteParts {
  readonly configuration: Configuration;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly model: LoadedModel;
  readonly ffmpeg: Ffmpeg;
  readonly pool: PixelPool;
  /** The last second of pictures for people. */
  readonly views: ViewStore;
  readonly log: SqliteLog;
  /** The file of the log. */
  readonly databaseFile: string;
  readonly state: StateStore;
  readonly sessions: Sessions;
  /** Commits what was taken, then closes log and state. */
  close(): Promise<void>;
}

/** A failed round is tried again a second later; people should know when it goes on. */
function tellMaintenance(report: MaintenanceReport, logger: Logger): void {
  if (report.error === undefined) logger.debug({ report }, 'Maintained the log');
  else logger.warn({ error: sentenceOf(report.error) }, 'Maintenance of the log failed; it is tried again');
}

export interface SiteNeeds {
  readonly configuration: Configuration;
  readonly file: string;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly model: LoadedModel;
  readonly ffmpeg: Ffmpeg;
}

export async function openSiteParts({ configuration, file, logger, clock, model, ffmpeg }: SiteNeeds): Promise<SiteParts> {
  const metrics = new Metrics();
  const pool = new PixelPool(POOL_BYTES);
  const database = new Database(databasePath(configuration.log, file), { clock });
  const log = await SqliteLog.open(database, {
    retention: { maxBytes: sizeBytes(configuration.keep) },
    onMaintenance: (report) => tellMaintenance(report, logger),
  });
  const closeLog = async () => {
    await log.close();
    database.close();
  };
  const state = await openState(configuration.state, { file, clock, logger, log, database }).catch(async (error: unknown) => {
    await closeLog();
    throw error;
  });
  return {
    configuration,
    logger,
    clock,
    metrics,
    model,
    ffmpeg,
    pool,
    views: new ViewStore({ clock, pool }),
    log,
    databaseFile: database.path,
    state: state.store,
    sessions: state.sessions,
    close: async () => {
      await state.close();
      await closeLog();
    },
  };
}
