import { dirname, resolve } from 'node:path';
import type { Clock } from '../engine/clock.ts';
import type { Configuration } from '../engine/config/configuration.ts';
import type { LogAddress } from '../engine/config/log-address.ts';
import { sentenceOf } from '../engine/errors.ts';
import {
  type Log,
  type LogReader,
  type MaintenanceReport,
  openKafkaLog,
  openLogForReading,
  type PartitionTable,
  SqliteLog,
} from '../engine/log/index.ts';
import type { Logger } from '../engine/observe/logger.ts';
import { Database } from '../engine/sqlite/database.ts';
import { databasePath, sizeBytes } from './store-address.ts';

/**
 * A record is read so much later at most. At 225 frames a second 5 ms save a third of the transactions, 20 ms nine tenths; a recording has
 * some 30 frames under way, so at 20 ms it may still come at 1500 a second.
 */
const COMMIT_GAPS = { liveMs: 5, recordedMs: 20 };

/** What SQLite keeps at most unless `keep:` says otherwise. */
const KEEP = '4 GiB';

/** An open log, and the file that it is in, if it is in one. */
export interface SiteLog {
  readonly log: Log;
  readonly database?: Database;
  /** Commits what was taken, then closes. */
  close(): Promise<void>;
}

export interface LogNeeds {
  readonly configuration: Pick<Configuration, 'log' | 'keep'>;
  /** The configuration file: relative paths begin there. */
  readonly file: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Where cameras' partitions are kept, for a log that has several. */
  readonly table: PartitionTable;
}

export function openLog(needs: LogNeeds): Promise<SiteLog> {
  const { log } = needs.configuration;
  return log.kind === 'sqlite' ? openSqlite(log.path, needs) : openKafka(log, needs);
}

/** For reading only, whether or not a site runs on it. */
export async function openForReading(address: LogAddress, file: string): Promise<LogReader> {
  return address.kind === 'sqlite'
    ? openLogForReading(databasePath(address.path, file))
    : openKafkaLog({ settings: kafkaSettings(address, file) });
}

async function openSqlite(path: string, { configuration, file, clock, logger }: LogNeeds): Promise<SiteLog> {
  const database = new Database(databasePath(path, file), { clock });
  const log = await SqliteLog.open(database, {
    retention: { maxBytes: sizeBytes(configuration.keep ?? KEEP) },
    commitGaps: COMMIT_GAPS,
    onMaintenance: (report) => tellMaintenance(report, logger),
  });
  const close = async () => {
    await log.close();
    database.close();
  };
  return { log, database, close };
}

/** A failed round is tried again a second later; people should know when it goes on. */
function tellMaintenance(report: MaintenanceReport, logger: Logger): void {
  if (report.error === undefined) logger.debug({ report }, 'Maintained the log');
  else logger.warn({ error: sentenceOf(report.error) }, 'Maintenance of the log failed; it is tried again');
}

type KafkaAddress = Extract<LogAddress, { kind: 'kafka' }>;

async function openKafka(address: KafkaAddress, { configuration, file, clock, logger, table }: LogNeeds): Promise<SiteLog> {
  const keep = configuration.keep === undefined ? {} : { keepBytes: sizeBytes(configuration.keep) };
  const log = await openKafkaLog({ settings: { ...kafkaSettings(address, file), ...keep }, clock, table });
  for (const difference of log.differences) logger.warn({}, difference);
  return { log, close: () => log.close() };
}

/** How the Kafka of a configuration is reached, by whoever talks to it beside the log. */
export function kafkaSettings({ kind: _kind, tls, ...settings }: KafkaAddress, file: string) {
  const ca = tls?.ca === undefined ? {} : { ca: resolve(dirname(file), tls.ca) };
  return { ...settings, ...(tls === undefined ? {} : { tls: ca }) };
}

export { KEEP };
