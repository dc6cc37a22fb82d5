import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SqliteLog } from '../../../../engine/log/index.ts';
import type { RecordOf, Topic } from '../../../../engine/records/topic.ts';
import { KeyedTask } from '../../../../engine/runtime/keyed/index.ts';
import { Database } from '../../../../engine/sqlite/index.ts';
import { SqliteStateStore, type StateStore } from '../../../../engine/state/index.ts';
import { ManualClock } from '../../../manual-clock.ts';
import { detected, frame, gap, mark } from '../../../records.ts';
import { Process } from './doubles/process.ts';
import { numbering, POISON, seconds, tallying } from './operators.ts';

/** The embedded deployment: log and state in one file. A crash leaves the file to the next process as it is. */
class Embedded {
  readonly clock = new ManualClock();
  private readonly database: Database;
  private readonly log: SqliteLog;
  private readonly store: StateStore;
  private readonly process = new Process();
  readonly task: KeyedTask;

  static async open(path: string): Promise<Embedded> {
    const database = new Database(path);
    return new Embedded(database, await SqliteLog.open(database));
  }

  private constructor(database: Database, log: SqliteLog) {
    this.database = database;
    this.log = log;
    this.store = new SqliteStateStore(database);
    const { process, clock } = this;
    const operators = [numbering, seconds, tallying];
    const facts = { name: 'analyse', input: 'detections', partition: 0, operators, clock } as const;
    this.task = new KeyedTask({ ...facts, log: process.log(log), store: process.store(this.store) });
    this.task.start();
  }

  async write(records: readonly RecordOf<'detections'>[]): Promise<void> {
    await this.log.append('detections', 0, records);
    await this.task.idle((await this.log.bounds('detections', 0)).end);
  }

  async pass(ms: number): Promise<void> {
    this.clock.advance(ms);
    await this.task.idle();
  }

  async crash(): Promise<void> {
    this.process.kill();
    await this.close();
  }

  async close(): Promise<void> {
    await this.log.close();
    this.database.close();
  }

  async read<T extends Topic>(topic: T): Promise<readonly RecordOf<T>[]> {
    const { entries } = await this.log.read(topic, 0, { from: 0, limit: 1_000 });
    return entries.map(({ record }) => record);
  }

  readTable(name: string) {
    return this.store.readTable(name);
  }
}

const two = [detected(), detected()];
const other = { camera: 'dock-2' };
const batches: readonly RecordOf<'detections'>[][] = [
  [mark('up'), mark('up', 0, other), frame(1, two)],
  [frame(2, two), frame(1, two, other), frame(3, [detected(POISON)])],
  [frame(6, two), gap(7, 25), gap(20, 28, 'overload')],
  [frame(29, two), frame(3, two, other)],
];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ocelli-keyed-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function run(name: string, crashBehind: (batch: number) => boolean) {
  const path = join(folder, name);
  let embedded = await Embedded.open(path);
  for (const [index, batch] of batches.entries()) {
    await embedded.write(batch);
    if (index === 1) await embedded.pass(500);
    if (!crashBehind(index)) continue;
    await embedded.crash();
    embedded = await Embedded.open(path);
  }
  await embedded.task.idle(batches.flat().length);
  expect(await embedded.task.drain()).toEqual({ state: 'closed', position: batches.flat().length });
  const [tracks, letters] = [await embedded.read('tracks'), await embedded.read('dead-letters')];
  const result = { tracks, letters, totals: await embedded.readTable('totals'), newest: await embedded.readTable('newest') };
  await embedded.close();
  return result;
}

it('brings out the same in one SQLite file, whether it crashes or not', async () => {
  const undisturbed = await run('undisturbed.db', () => false);
  expect(undisturbed.tracks.length).toBeGreaterThan(10);
  expect(undisturbed.letters).toHaveLength(1);
  expect(undisturbed.totals.get('dock-1')).toEqual({ objects: 8, unseen: 25 });
  expect(await run('once.db', (batch) => batch === 2)).toEqual(undisturbed);
  expect(await run('always.db', () => true)).toEqual(undisturbed);
});
