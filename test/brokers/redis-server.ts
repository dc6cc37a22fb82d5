import { Redis } from 'ioredis';
import { type RedisConfig, RedisProcess } from '../../demo/brokers/redis-process.ts';

/** A Redis of a test, with a client to look into it and to change its settings. */
export class RedisServer extends RedisProcess {
  private adminClient: Redis | undefined;

  static override async start(config: RedisConfig = {}): Promise<RedisServer> {
    return RedisProcess.attempt((folder, port) => new RedisServer(folder, port, config));
  }

  get admin(): Redis {
    this.adminClient ??= quiet(new Redis(this.port, '127.0.0.1', { disableClientInfo: true, protocol: 2 }));
    return this.adminClient;
  }

  override async kill(): Promise<void> {
    this.adminClient?.disconnect();
    this.adminClient = undefined;
    await super.kill();
  }
}

/** Its errors come as the answers that it gives. */
function quiet(redis: Redis): Redis {
  return redis.on('error', () => {});
}
