import { randomUUID } from 'node:crypto';
import type { Position } from '../../log/log.ts';
import { standsElsewhere, takenOver } from '../stale-owner.ts';
import type { Ownership, TableChange } from '../state-store.ts';
import type { Argument, Client } from './client.ts';
import type { RedisParts } from './redis-parts.ts';
import { type Answer, Script } from './script.ts';
import { stateDamaged } from './state-damaged.ts';
import { type HashChanges, tableWrites } from './table-writes.ts';

const LOAD = new Script('load-2');
const COMMIT = new Script('commit-2-or-more');

interface OwnershipParts extends RedisParts {
  readonly task: string;
  readonly token: string;
  readonly epoch: number;
  readonly position: Position;
}

/** See `Ownership`. Every operation may be repeated when its answer was lost. */
export class RedisOwnership implements Ownership {
  readonly epoch: number;
  readonly position: Position;
  private readonly parts: OwnershipParts;

  constructor(parts: OwnershipParts) {
    this.parts = parts;
    this.epoch = parts.epoch;
    this.position = parts.position;
  }

  load(): Promise<ReadonlyMap<string, Uint8Array>> {
    const { connection, keys, task, token } = this.parts;
    return connection.run(async (client) => {
      const [word, found] = await LOAD.runForBytes(client, [keys.task(task), keys.state(task)], [token]);
      if (String(word) === 'ok') return pairs(found as readonly Buffer[]);
      return this.refuse(client, [String(word), ...(Array.isArray(found) ? [] : [String(found)])]);
    });
  }

  commit(
    expected: Position,
    next: Position,
    changed: ReadonlyMap<string, Uint8Array | null>,
    tables: readonly TableChange[],
  ): Promise<void> {
    const { connection, keys, task, token } = this.parts;
    const commit = randomUUID();
    return connection.run(async (client) => {
      const writes = await tableWrites(client, (table) => keys.table(task, table), tables);
      const tableKeys = [...writes.keys()].map((table) => keys.table(task, table));
      const changes = [stateChanges(changed), ...writes.values()].flatMap(argumentsOf);
      const args = [token, commit, String(expected), String(next), ...changes];
      const answer = await COMMIT.run(client, [keys.task(task), keys.state(task), ...tableKeys], args);
      if (answer[0] !== 'ok') await this.refuse(client, answer, expected);
    });
  }

  private async refuse(client: Client, [word, ...facts]: Answer, expected?: Position): Promise<never> {
    const { task, epoch, layout } = this.parts;
    if (word === 'damaged') throw stateDamaged(task, facts[0]);
    if (word === 'missing') await layout.verify(client);
    const [current, position] = facts.map(Number);
    const isOurs = current === epoch && position !== undefined && expected !== undefined;
    throw isOurs ? standsElsewhere(task, epoch, position, expected) : takenOver(task, epoch, current);
  }
}

function stateChanges(changed: ReadonlyMap<string, Uint8Array | null>): HashChanges {
  const write = new Map<string, Uint8Array>();
  for (const [key, bytes] of changed) if (bytes !== null) write.set(key, bytes);
  return { write, remove: [...changed.keys()].filter((key) => !write.has(key)) };
}

/** As `commit-2-or-more.lua` reads them. */
function argumentsOf({ write, remove }: HashChanges): Argument[] {
  return [write.size, ...[...write].flat(), remove.length, ...remove];
}

function pairs(flat: readonly Buffer[]): Map<string, Uint8Array> {
  const found = new Map<string, Uint8Array>();
  for (let at = 0; at < flat.length; at += 2) found.set(String(flat[at]), new Uint8Array(flat[at + 1] as Buffer));
  return found;
}
