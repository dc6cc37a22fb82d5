import { isIP } from 'node:net';
import type { Cluster, Redis, RedisOptions } from 'ioredis';
import { RedisFailure } from './redis-error.ts';
import { endpointOf, type RedisEndpoint, type RedisSettings } from './redis-settings.ts';

export type Argument = string | number | Uint8Array;

/** One connection, or those to a cluster: the door to ioredis. It never sends anything twice; whoever uses it knows what may be repeated. */
export interface Client {
  /** @throws RedisFailure */
  text(command: string, ...args: readonly Argument[]): Promise<unknown>;
  /** As `text`, with strings of the answer as bytes. */
  bytes(command: string, ...args: readonly Argument[]): Promise<unknown>;
  /** What each primary tells about itself. */
  infos(): Promise<readonly string[]>;
  readonly isOpen: boolean;
  close(): void;
}

/** Connects once. @throws RedisFailure */
export async function connectClient(settings: RedisSettings): Promise<Client> {
  const endpoint = endpointOf(settings.url);
  const { Redis, Cluster } = await import('ioredis');
  const options = optionsOf(settings, endpoint);
  const redis = settings.cluster
    ? new Cluster([{ host: endpoint.host, port: endpoint.port }], {
        lazyConnect: true,
        clusterRetryStrategy: () => null,
        enableOfflineQueue: false,
        slotsRefreshTimeout: settings.timeoutMs,
        redisOptions: options,
      })
    : new Redis({ ...options, host: endpoint.host, port: endpoint.port, retryStrategy: () => null, enableOfflineQueue: false });
  return opened(redis, endpoint.database);
}

function optionsOf({ ca, timeoutMs }: RedisSettings, { host, username, password, tls }: RedisEndpoint) {
  return {
    lazyConnect: true,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    enableReadyCheck: false,
    protocol: 2,
    disableClientInfo: true,
    connectTimeout: timeoutMs,
    commandTimeout: timeoutMs,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(tls ? { tls: { ...(isIP(host) === 0 ? { servername: host } : {}), ...(ca === undefined ? {} : { ca }) } } : {}),
  } satisfies RedisOptions;
}

/** ioredis tells why it could not connect as an event only, and goes on in database 0 when there is no such database. */
async function opened(redis: Redis | Cluster, database: number): Promise<Client> {
  let told: Error | undefined;
  redis.on('error', (error: Error) => {
    told = error;
  });
  try {
    await redis.connect();
    if (told !== undefined) throw told;
    if (database !== 0) await redis.call('SELECT', database);
    return new IoRedisClient(redis);
  } catch (error) {
    redis.disconnect();
    throw new RedisFailure(told ?? error);
  }
}

class IoRedisClient implements Client {
  private readonly redis: Redis | Cluster;
  private closed = false;

  constructor(redis: Redis | Cluster) {
    this.redis = redis;
  }

  /** ioredis calls itself ready until the other side has hung up as well, which one that is stuck does late. */
  get isOpen(): boolean {
    return !this.closed && this.redis.status === 'ready';
  }

  text(command: string, ...args: readonly Argument[]): Promise<unknown> {
    return failing(this.redis.call(command, ...args.map(toSend)));
  }

  bytes(command: string, ...args: readonly Argument[]): Promise<unknown> {
    return failing(this.redis.callBuffer(command, ...args.map(toSend)));
  }

  infos(): Promise<readonly string[]> {
    const primaries = 'nodes' in this.redis ? this.redis.nodes('master') : [this.redis];
    return failing(Promise.all(primaries.map((node) => node.info())));
  }

  close(): void {
    this.closed = true;
    this.redis.disconnect();
  }
}

/** Without a copy. */
function toSend(argument: Argument): string | number | Buffer {
  return argument instanceof Uint8Array ? Buffer.from(argument.buffer, argument.byteOffset, argument.byteLength) : argument;
}

async function failing<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw new RedisFailure(error);
  }
}
