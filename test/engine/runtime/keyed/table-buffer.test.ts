import { expect, it } from 'vitest';
import type { TableChange } from '../../../../engine/contract/table-change.ts';
import { TableBuffer } from '../../../../engine/runtime/keyed/table-buffer.ts';
import { MemoryStateStore } from './doubles/memory-state-store.ts';
import { randomFrom } from './random-stream.ts';

const set = (row: string, fields: Record<string, string | number>): TableChange => ({ table: 'newest', row, set: fields });
const add = (row: string, fields: Record<string, number>): TableChange => ({ table: 'newest', row, add: fields });
const remove = (row: string): TableChange => ({ table: 'newest', row, remove: true });

it('joins what is set in one row, and nothing else', () => {
  const buffer = new TableBuffer();
  for (const change of [
    set('a', { x: 1, y: 1 }),
    set('b', { x: 5 }),
    set('a', { x: 2 }),
    add('a', { x: 1 }),
    add('a', { x: 1 }),
    set('a', { y: 9 }),
  ]) {
    buffer.push(change);
  }
  expect(buffer.takeAll()).toEqual([
    set('a', { x: 2, y: 1 }),
    set('b', { x: 5 }),
    add('a', { x: 1 }),
    add('a', { x: 1 }),
    set('a', { y: 9 }),
  ]);
  expect(buffer.takeAll()).toEqual([]);
});

it('leaves the same rows as every change by itself, over 200 random lists', async () => {
  const random = randomFrom(7);
  const pick = <T>(...choices: readonly [T, ...T[]]) => choices[Math.floor(random() * choices.length)] ?? choices[0];
  for (let list = 0; list < 200; list++) {
    const changes = Array.from({ length: 12 }, (_, index) => {
      const [row, field] = [pick('a', 'b'), pick('x', 'y')];
      return pick(set(row, { [field]: index }), add(row, { [field]: index }), remove(row));
    });
    const buffer = new TableBuffer();
    for (const change of changes) buffer.push(change);
    expect(await rowsAfter(buffer.takeAll())).toEqual(await rowsAfter(changes));
  }
});

async function rowsAfter(changes: readonly TableChange[]) {
  const store = new MemoryStateStore();
  await (await store.acquire('task')).commit(0, 1, new Map(), changes);
  return store.readTable('newest');
}
