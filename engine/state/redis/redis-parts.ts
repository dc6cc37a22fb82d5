import type { Keys } from './keys.ts';
import type { Layout } from './layout.ts';
import type { RedisConnection } from './redis-connection.ts';

/** What store, sessions and leases of one state in Redis share. */
export interface RedisParts {
  readonly connection: RedisConnection;
  readonly keys: Keys;
  readonly layout: Layout;
}
