import type { Ffmpeg } from '../connectors/index.ts';
import type { StartOptions } from '../engine/cli/application.ts';
import type { Clock } from '../engine/clock.ts';
import type { Configuration } from '../engine/config/configuration.ts';
import { PixelPool } from '../engine/frames/pixel-pool.ts';
import { ViewStore } from '../engine/frames/view-store.ts';
import type { Log } from '../engine/log/index.ts';
import type { Logger } from '../engine/observe/logger.ts';
import { Metrics } from '../engine/observe/metrics.ts';
import type { Leases, Sessions, StateStore } from '../engine/state/index.ts';
import type { LoadedModel } from '../operators/detect/index.ts';
import { openStores } from './open-stores.ts';
import { databasePath } from './store-address.ts';

const POOL_BYTES = 32 * 2 ** 20;

/** What all parts of a running site share. */
export interface SiteParts {
  readonly configuration: Configuration;
  /** Where the server listens, and who may talk to it. */
  readonly server: Configuration['server'];
  readonly logger: Logger;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly model: LoadedModel;
  readonly ffmpeg: Ffmpeg;
  readonly pool: PixelPool;
  /** The last second of pictures for people. */
  readonly views: ViewStore;
  readonly log: Log;
  /** The file of the log, if it is in one. */
  readonly logFile: string | undefined;
  /** A file in the folder of what this process keeps itself, and beside which it keeps more. */
  readonly dataFile: string;
  readonly state: StateStore;
  readonly sessions: Sessions;
  /** The leases as one member sees them. */
  leases(member: string): Leases;
  /** Why state cannot be had just now, in a sentence. */
  stateTrouble(): string | undefined;
  /** Commits what was taken, then closes log and state. */
  close(): Promise<void>;
}

export interface SiteNeeds {
  readonly configuration: Configuration;
  readonly file: string;
  /** Holds instead of what the configuration says of the server. */
  readonly listen?: StartOptions['listen'] | undefined;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly model: LoadedModel;
  readonly ffmpeg: Ffmpeg;
}

export async function openSiteParts({ configuration, file, listen = {}, logger, clock, model, ffmpeg }: SiteNeeds): Promise<SiteParts> {
  const metrics = new Metrics();
  const pool = new PixelPool(POOL_BYTES);
  const { log, logFile, state, close } = await openStores({ configuration, file, clock, logger });
  return {
    configuration,
    server: { ...configuration.server, ...listen },
    logger,
    clock,
    metrics,
    model,
    ffmpeg,
    pool,
    views: new ViewStore({ clock, pool }),
    log,
    logFile,
    dataFile: logFile ?? dataFile(configuration, file),
    state: state.store,
    sessions: state.sessions,
    leases: (member) => state.leases(member),
    stateTrouble: () => state.trouble(),
    close,
  };
}

/** With the log and the state elsewhere, what is kept here lies where it would lie without them. */
function dataFile({ state }: Configuration, file: string): string {
  return databasePath(state.kind === 'sqlite' ? state.path : 'data/ocelli.db', file);
}
