import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Clock } from '../engine/clock.ts';
import type { StateAddress } from '../engine/config/state-address.ts';
import { OcelliError } from '../engine/errors.ts';
import type { Log } from '../engine/log/index.ts';
import type { Logger } from '../engine/observe/logger.ts';
import { Database } from '../engine/sqlite/database.ts';
import {
  type Leases,
  LeaseTable,
  openRedisState,
  type RedisSettings,
  type Sessions,
  SqliteSessions,
  SqliteStateStore,
  type StateStore,
} from '../engine/state/index.ts';

/** Where tasks keep their state, and who gives out sessions and leases. */
export interface SiteState {
  readonly store: StateStore;
  readonly sessions: Sessions;
  /** The leases as one member sees them. */
  leases(member: string): Leases;
  /** Why state cannot be had just now, in a sentence. */
  trouble(): string | undefined;
  close(): Promise<void>;
}

export interface StateNeeds {
  /** The configuration file: relative paths begin there. */
  readonly file: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly log: Log;
  /** The file of the log, which the state may share. */
  readonly database?: Database;
  /** An empty store is taken for a new one whatever the log holds. */
  readonly acceptEmpty?: boolean;
}

export async function openState(address: StateAddress, needs: StateNeeds): Promise<SiteState> {
  return address.kind === 'sqlite' ? openSqliteState(address.path, needs) : openRedis(address, needs);
}

function openSqliteState(path: string, { file, clock, database }: StateNeeds): SiteState {
  const whole = resolve(dirname(file), path);
  const own = database?.path === whole ? undefined : new Database(whole, { clock });
  const used = own ?? (database as Database);
  const sessions = new SqliteSessions(used);
  const leases = new LeaseTable({ clock, sessions });
  return {
    store: new SqliteStateStore(used),
    sessions,
    leases: (member) => leases.of(member),
    trouble: () => undefined,
    close: async () => own?.close(),
  };
}

type RedisAddress = Extract<StateAddress, { kind: 'redis' }>;

async function openRedis(address: RedisAddress, { file, clock, logger, log, acceptEmpty = false }: StateNeeds): Promise<SiteState> {
  const troubles = new StateTroubles(logger, String(address.url));
  const state = await openRedisState(settingsOf(address, file), {
    clock,
    mayBegin: async () => acceptEmpty || (await isEmpty(log)),
    onTrouble: ({ sentence }) => troubles.met(sentence),
    onRecovered: () => troubles.over(),
    onWarning: (sentence) => logger.warn({}, sentence),
  });
  return { ...state, trouble: () => troubles.current };
}

/** Tells each kind of trouble once, though it is met many times a minute. */
class StateTroubles {
  current: string | undefined;
  private readonly told = new Set<string>();
  private readonly logger: Logger;
  private readonly where: string;

  constructor(logger: Logger, where: string) {
    this.logger = logger;
    this.where = where;
  }

  met(sentence: string): void {
    if (!this.told.has(sentence)) this.logger.warn({}, `${sentence} What needs it waits; it is tried again`);
    this.told.add(sentence);
    this.current = sentence;
  }

  over(): void {
    this.told.clear();
    this.current = undefined;
    this.logger.info({}, `Redis at ${this.where} is back`);
  }
}

function settingsOf({ url, prefix, cluster, timeoutMs, ca }: RedisAddress, file: string): RedisSettings {
  return { url, prefix, cluster, timeoutMs, ...(ca === undefined ? {} : { ca: readCertificates(resolve(dirname(file), ca)) }) };
}

function readCertificates(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new OcelliError('CONFIG_INVALID', `state.ca: ${path} cannot be read: ${(cause as Error).message}`, { path, cause });
  }
}

/** Nothing was ever recorded; what retention took counts as recorded. */
async function isEmpty(log: Log): Promise<boolean> {
  for (let partition = 0; partition < log.partitions; partition += 1) {
    const { end } = await log.bounds('detections', partition);
    if (end > 0) return false;
  }
  return true;
}
