import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { SystemClock } from '../../../engine/clock.ts';
import { leastFilled } from '../../../engine/log/partition-table.ts';
import { Database } from '../../../engine/sqlite/index.ts';
import { SqliteStateStore, StatePartitionTable } from '../../../engine/state/index.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

function openTable() {
  const database = new Database(join(temporaryFolder(), 'ocelli.db'));
  onTestFinished(() => database.close());
  const store = new SqliteStateStore(database);
  const table = () => new StatePartitionTable(Promise.resolve(store), new SystemClock(), () => 0);
  return { store, table };
}

it('gives a new camera the partition with the fewest cameras, the lowest of several', () => {
  const rows = new Map([
    ['a', 0],
    ['b', 0],
    ['c', 2],
  ]);
  expect([...leastFilled(rows, ['d', 'a', 'e', 'f', 'd'], 3)]).toEqual([
    ['d', 1],
    ['e', 1],
    ['f', 2],
  ]);
});

it('never changes a row, also when there are more partitions by now', async () => {
  const { table } = openTable();
  const before = await table().assign(['a', 'b', 'c'], 2);
  const after = await table().assign(['d', 'c', 'b', 'a'], 8);
  for (const [camera, partition] of before) expect(after.get(camera)).toBe(partition);
  expect(after.get('d')).toBe(2);
  expect(await table().read()).toEqual(after);
});

it('gives a camera one partition, however many processes ask at once', async () => {
  const { table, store } = openTable();
  const asked = Array.from({ length: 8 }, (_, n) => table().assign([`own-${n}`, 'shared'], 4));
  const shared = (await Promise.all(asked)).map((rows) => rows.get('shared'));
  expect(new Set(shared).size).toBe(1);
  const rows = await store.readTable('partitions');
  expect(rows.size).toBe(9);
  expect(rows.get('shared')).toEqual({ partition: shared[0] });
});
