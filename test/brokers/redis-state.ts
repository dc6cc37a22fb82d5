import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { SystemClock } from '../../engine/clock.ts';
import { SecretUrl } from '../../engine/secret.ts';
import { openRedisState, type RedisSettings, type RedisState, type RedisStateOptions } from '../../engine/state/index.ts';
import { RedisServer } from './redis-server.ts';

/** A Redis for behaviour suites: that of `OCELLI_TEST_REDIS` where it is given, else one of our own. */
export interface SuiteRedis {
  readonly url: string;
  stop(): Promise<void>;
}

export const GIVEN_REDIS = process.env['OCELLI_TEST_REDIS'];

export async function suiteRedis(): Promise<SuiteRedis> {
  return GIVEN_REDIS === undefined ? RedisServer.start() : { url: GIVEN_REDIS, stop: async () => {} };
}

/** Settings with a prefix that nobody else has. */
export function redisSettings(url: string, settings: Partial<RedisSettings> = {}): RedisSettings {
  return { url: new SecretUrl(url), prefix: `test-${randomUUID()}:`, cluster: false, timeoutMs: 2_000, ...settings };
}

/** A state in Redis that can be opened again, as after a restart, and that leaves nothing behind. */
export class ReopenableState {
  readonly settings: RedisSettings;
  private readonly options: RedisStateOptions;
  private readonly admin: string;
  state: RedisState;

  /** @param admin address for looking into the server and for cleaning up, where the other one may not */
  static async open(url: string, settings: Partial<RedisSettings> = {}, admin = url): Promise<ReopenableState> {
    const options = { clock: new SystemClock(), mayBegin: async () => true };
    const chosen = redisSettings(url, settings);
    return new ReopenableState(chosen, options, admin, await openRedisState(chosen, options));
  }

  private constructor(settings: RedisSettings, options: RedisStateOptions, admin: string, state: RedisState) {
    this.settings = settings;
    this.admin = admin;
    this.options = options;
    this.state = state;
  }

  async reopen(): Promise<void> {
    await this.state.close();
    this.state = await openRedisState(this.settings, this.options);
  }

  /** What expires does so earlier by so much: time passes for Redis. */
  async pass(ms: number): Promise<void> {
    await this.onEachKey(async (redis, key) => {
      const leftMs = await redis.pttl(key);
      if (leftMs > 0) await redis.pexpire(key, leftMs - ms);
    });
  }

  async close(): Promise<void> {
    await this.state.close();
    await this.onEachKey((redis, key) => redis.del(key));
  }

  private async onEachKey(work: (redis: Redis, key: string) => Promise<unknown>): Promise<void> {
    await withRedis(this.admin, async (redis) => {
      for (const key of await redis.keys(`${this.settings.prefix}*`)) await work(redis, key);
    });
  }
}

/** Does something with a client of its own. */
async function withRedis<T>(url: string, work: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url, { disableClientInfo: true, protocol: 2 });
  try {
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}
