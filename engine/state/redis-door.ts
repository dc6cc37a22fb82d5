import type { RedisState, RedisStateOptions } from './redis/open-redis-state.ts';
import type { RedisSettings } from './redis/redis-settings.ts';

export type { RedisState, RedisStateOptions } from './redis/open-redis-state.ts';
export type { RedisTrouble } from './redis/redis-connection.ts';
export type { RedisSettings } from './redis/redis-settings.ts';

/** State in Redis; what belongs to it is loaded now, and never by who keeps state in SQLite. */
export async function openRedisState(settings: RedisSettings, options: RedisStateOptions): Promise<RedisState> {
  const { openRedisState: open } = await import('./redis/open-redis-state.ts');
  return open(settings, options);
}
