import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import type { Ownership, TableRow } from '../../../../engine/state/index.ts';
import { RedisServer } from '../../../brokers/redis-server.ts';
import { SteppedState } from './stepped-state.ts';

export const TASK = 'tracks/0';
const ADD_ONE = { table: 'windows', row: 'dock-1', add: { count: 1 } } as const;

export const bytes = (...values: number[]) => Uint8Array.from(values);

/** What a new owner finds of the task. */
interface Stored {
  readonly position: number;
  readonly state: Uint8Array | undefined;
  readonly count: TableRow[string] | undefined;
}

/** What a new owner finds after so many commits. */
export function committed(position: number): Stored {
  return { position, state: bytes(position), count: position };
}

/** A Redis of a test file, whatever its tests do to it, and a state in it that begins anew for each of them. */
export class RedisInUse {
  private server: RedisServer | undefined;
  private opened: SteppedState | undefined;

  get redis(): RedisServer {
    if (this.server === undefined) throw new Error('The Redis is there within tests only.');
    return this.server;
  }

  get stepped(): SteppedState {
    if (this.opened === undefined) throw new Error('The state is there within tests only.');
    return this.opened;
  }

  async start(): Promise<void> {
    this.server = await RedisServer.start({ appendfsync: 'always' });
  }

  open(): void {
    this.opened = new SteppedState(this.redis.url);
  }

  /** Closes the state, and undoes whatever a test did to the server, also one that failed. */
  async tidy(): Promise<void> {
    await this.stepped.state.close();
    this.redis.goOn();
    const { admin } = this.redis;
    await admin.replicaof('NO', 'ONE');
    await admin.client('UNPAUSE');
    const settings = { maxmemory: '0', 'maxmemory-policy': 'noeviction', appendonly: 'yes', requirepass: '' };
    for (const [name, value] of Object.entries(settings)) await admin.config('SET', name, value);
    await admin.flushall();
  }

  acquire(): Promise<Ownership> {
    return this.stepped.state.store.acquire(TASK);
  }

  /** The commit that brings the task from the position before to `next`. */
  commit(owner: Ownership, next: number): Promise<void> {
    return owner.commit(next - 1, next, new Map([['dock-1', bytes(next)]]), [ADD_ONE]);
  }

  async stored(): Promise<Stored> {
    const owner = await this.acquire();
    const rows = await this.stepped.state.store.readTable(ADD_ONE.table);
    return { position: owner.position, state: (await owner.load()).get('dock-1'), count: rows.get('dock-1')?.['count'] };
  }
}

/** For all tests of the `describe` that calls it. */
export function useRedis(): RedisInUse {
  const inUse = new RedisInUse();
  beforeAll(() => inUse.start());
  beforeEach(() => inUse.open());
  afterEach(() => inUse.tidy());
  afterAll(() => inUse.redis.stop());
  return inUse;
}
