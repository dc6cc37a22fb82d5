/**
 * Writes to a log on a disk of 2 MiB until it is full, takes a large file away, and goes on; prints what happened as JSON. The disk is
 * the folder named by its argument, mounted by whoever starts this in a mount namespace that ends with it.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SqliteLog } from '../../../engine/log/index.ts';
import { Database } from '../../../engine/sqlite/index.ts';
import { SqliteStateStore } from '../../../engine/state/index.ts';
import { detected, frame } from '../../records.ts';

const [disk = ''] = process.argv.slice(2);
const ballast = join(disk, 'ballast');
writeFileSync(ballast, new Uint8Array(2 ** 20));

const database = new Database(join(disk, 'ocelli.db'));
const log = await SqliteLog.open(database);
const owner = await new SqliteStateStore(database).acquire('task');

let acknowledged = 0;
const write = () =>
  log.append('detections', 0, [
    frame(
      acknowledged,
      Array.from({ length: 50 }, () => detected()),
    ),
  ]);
const failure = await writeUntilItFails();
const bounds = await log.bounds('detections', 0);
const state = await outcome(owner.commit(0, 1, new Map([['key', new Uint8Array(200_000)]]), []));
log.resume('detections', 0);
const append = await outcome(write());
rmSync(ballast);
log.resume('detections', 0);
await write();
await owner.commit(0, 1, new Map([['key', new Uint8Array(200_000)]]), []);
const afterwards = { bounds: await log.bounds('detections', 0), check: database.connection.get('PRAGMA integrity_check') };
await log.close();
database.close();
console.log(JSON.stringify({ acknowledged, failure, whileFull: { bounds, state, append }, afterwards }));

async function writeUntilItFails(): Promise<{ code: unknown; message: string }> {
  for (;;) {
    const failed = await outcome(write());
    if (failed !== undefined) return failed;
    acknowledged++;
  }
}

async function outcome(work: Promise<unknown>): Promise<{ code: unknown; message: string } | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { code: 'code' in error ? error.code : undefined, message: error.message };
  }
}
