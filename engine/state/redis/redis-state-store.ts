import { randomUUID } from 'node:crypto';
import type { Ownership, StateStore, TableRow } from '../state-store.ts';
import type { Client } from './client.ts';
import { RedisOwnership } from './redis-ownership.ts';
import type { RedisParts } from './redis-parts.ts';
import { Script } from './script.ts';
import { stateDamaged } from './state-damaged.ts';
import { parseRow } from './table-writes.ts';

const ACQUIRE = new Script('acquire-1');
/** Rows that are asked for at once: others get their turn in between. */
const PAGE = 1_000;

/** The state store of the distributed deployment. Where everything lies: keys.ts. See `StateStore`. */
export class RedisStateStore implements StateStore {
  private readonly parts: RedisParts;

  constructor(parts: RedisParts) {
    this.parts = parts;
  }

  acquire(task: string): Promise<Ownership> {
    const { connection, keys, layout } = this.parts;
    const token = randomUUID();
    return connection.run(async (client) => {
      await layout.verify(client);
      await client.text('SADD', keys.tasks, task);
      const [word, first = '', position] = await ACQUIRE.run(client, [keys.task(task)], [token]);
      if (word !== 'ok') throw stateDamaged(task, first);
      return new RedisOwnership({ ...this.parts, task, token, epoch: Number(first), position: Number(position) });
    });
  }

  readTable(table: string): Promise<ReadonlyMap<string, TableRow>> {
    const { connection, keys } = this.parts;
    return connection.run(async (client) => {
      const rows = new Map<string, TableRow>();
      const tasks = (await client.text('SMEMBERS', keys.tasks)) as string[];
      for (const task of tasks.sort()) await readRows(client, keys.table(task, table), rows);
      return rows;
    });
  }
}

async function readRows(client: Client, key: string, rows: Map<string, TableRow>): Promise<void> {
  let cursor = '0';
  do {
    const [next, flat] = (await client.text('HSCAN', key, cursor, 'COUNT', PAGE)) as [string, string[]];
    for (let at = 0; at < flat.length; at += 2) rows.set(flat[at] ?? '', parseRow(flat[at + 1] ?? null) ?? {});
    cursor = next;
  } while (cursor !== '0');
}
