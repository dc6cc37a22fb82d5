import type { Clock } from '../../clock.ts';
import type { Leases } from '../leases.ts';
import type { Sessions } from '../sessions.ts';
import type { StateStore } from '../state-store.ts';
import type { Client } from './client.ts';
import { Keys } from './keys.ts';
import { Layout } from './layout.ts';
import { RedisConnection, type RedisTrouble } from './redis-connection.ts';
import { RedisLeases } from './redis-leases.ts';
import { RedisSessions } from './redis-sessions.ts';
import type { RedisSettings } from './redis-settings.ts';
import { RedisStateStore } from './redis-state-store.ts';
import { checkServer } from './server-check.ts';

export interface RedisStateOptions {
  readonly clock: Clock;
  /** Whether an empty Redis may be taken for a new one: the log holds nothing yet. Asked when there is no marker of ours. */
  readonly mayBegin: () => Promise<boolean>;
  readonly onTrouble?: (trouble: RedisTrouble) => void;
  /** The first success after a trouble. */
  readonly onRecovered?: () => void;
  /** Something that people should know about the server. Told once. */
  readonly onWarning?: (sentence: string) => void;
  readonly random?: () => number;
}

export interface RedisState {
  readonly store: StateStore;
  readonly sessions: Sessions;
  /** The leases as one member sees them. */
  leases(member: string): Leases;
  close(): Promise<void>;
}

/** State in Redis. Nothing is connected before it is needed; what is wrong with the server is told by the first operation. */
export function openRedisState(settings: RedisSettings, options: RedisStateOptions): RedisState {
  const { mayBegin, ...rest } = options;
  const keys = new Keys(settings.prefix);
  const layout = new Layout({ keys, where: String(settings.url), mayBegin });
  const warn = once(options.onWarning ?? (() => {}));
  const greet = async (client: Client) => {
    for (const info of await client.infos()) warn(checkServer(info, String(settings.url)));
    await layout.verify(client);
  };
  const connection = new RedisConnection({ ...rest, settings, greet });
  const parts = { connection, keys, layout };
  return {
    store: new RedisStateStore(parts),
    sessions: new RedisSessions(parts),
    leases: (member) => new RedisLeases(parts, member),
    close: () => connection.close(),
  };
}

function once(tell: (sentence: string) => void): (sentence: string | undefined) => void {
  const told = new Set<string>();
  return (sentence) => {
    if (sentence === undefined || told.has(sentence)) return;
    told.add(sentence);
    tell(sentence);
  };
}
