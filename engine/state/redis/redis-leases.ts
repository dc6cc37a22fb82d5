import { randomUUID } from 'node:crypto';
import type { Lease, Leases } from '../leases.ts';
import type { Sessions } from '../sessions.ts';
import type { RedisParts } from './redis-parts.ts';
import { RedisSessions } from './redis-sessions.ts';
import { Script } from './script.ts';

const ACQUIRE = new Script('acquire-lease-2');
const RENEW = new Script('renew-lease-2');
const RELEASE = new Script('release-lease-1');

/** Leases between processes: keys that Redis lets go by itself. See `Leases`. */
export class RedisLeases implements Leases {
  private readonly parts: RedisParts;
  private readonly member: string;

  constructor(parts: RedisParts, member: string) {
    this.parts = parts;
    this.member = member;
  }

  acquire(name: string, ttlMs: number): Promise<Lease | undefined> {
    const { connection, keys } = this.parts;
    const token = randomUUID();
    return connection.run(async (client) => {
      const [word, time = ''] = await ACQUIRE.run(client, [keys.lease(name), keys.sessions(name)], [token, this.member, ttlMs]);
      return word === 'ok' ? new RedisLease(this.parts, name, token, ttlMs, time === '' ? undefined : Number(time)) : undefined;
    });
  }

  list(names: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const { connection, keys } = this.parts;
    return connection.run(async (client) => {
      const holders = await Promise.all(names.map((name) => client.text('HGET', keys.lease(name), 'holder')));
      return new Map(names.flatMap((name, index) => (typeof holders[index] === 'string' ? [[name, holders[index]]] : [])));
    });
  }

  announce(facts: Readonly<Record<string, string>>, ttlMs: number): Promise<void> {
    const { connection, keys } = this.parts;
    return connection.run(async (client) => {
      await client.text('SADD', keys.members, this.member);
      await client.text('SET', keys.member(this.member), JSON.stringify(facts), 'PX', ttlMs);
    });
  }

  leave(): Promise<void> {
    const { connection, keys } = this.parts;
    return connection.run(async (client) => {
      await client.text('DEL', keys.member(this.member));
      await client.text('SREM', keys.members, this.member);
    });
  }

  members(): Promise<ReadonlyMap<string, Readonly<Record<string, string>>>> {
    const { connection, keys } = this.parts;
    return connection.run(async (client) => {
      const names = (await client.text('SMEMBERS', keys.members)) as string[];
      if (names.length === 0) return new Map();
      const facts = (await client.text('MGET', ...names.map((name) => keys.member(name)))) as (string | null)[];
      const gone = names.filter((_, index) => facts[index] == null);
      if (gone.length > 0) await client.text('SREM', keys.members, ...gone);
      return new Map(names.flatMap((name, index) => (facts[index] == null ? [] : [[name, JSON.parse(facts[index])]])));
    });
  }

  nowMs(): Promise<number> {
    return this.parts.connection.run(async (client) => {
      const [seconds, microseconds] = (await client.text('TIME')) as [string, string];
      return Number(seconds) * 1_000 + Math.floor(Number(microseconds) / 1_000);
    });
  }
}

class RedisLease implements Lease {
  readonly name: string;
  readonly lastTime: number | undefined;
  readonly sessions: Sessions;
  private readonly parts: RedisParts;
  private readonly token: string;
  private readonly ttlMs: number;

  constructor(parts: RedisParts, name: string, token: string, ttlMs: number, lastTime: number | undefined) {
    this.parts = parts;
    this.name = name;
    this.token = token;
    this.ttlMs = ttlMs;
    this.lastTime = lastTime;
    this.sessions = new RedisSessions(parts, token);
  }

  renew(lastTime?: number): Promise<boolean> {
    const { connection, keys } = this.parts;
    return connection.run(async (client) => {
      const args = [this.token, this.ttlMs, lastTime ?? ''];
      const [word] = await RENEW.run(client, [keys.lease(this.name), keys.sessions(this.name)], args);
      return word === 'ok';
    });
  }

  release(): Promise<void> {
    const { connection, keys } = this.parts;
    return connection.run(async (client) => {
      await RELEASE.run(client, [keys.lease(this.name)], [this.token]);
    });
  }
}
