/**
 * Writes to a log until the system refuses to let its file grow (a limit set by whoever starts this), lifts the limit, and goes on; prints
 * what happened as JSON. The write fails as one to a broken disk does.
 */
import { spawnSync } from 'node:child_process';
import { OcelliError } from '../../../engine/errors.ts';
import { SqliteLog } from '../../../engine/log/index.ts';
import { Database } from '../../../engine/sqlite/index.ts';
import { detected, frame } from '../../records.ts';

const [path = ''] = process.argv.slice(2);
const database = new Database(path);
const log = await SqliteLog.open(database);
const objects = Array.from({ length: 50 }, () => detected());

let acknowledged = 0;
let failure: OcelliError | undefined;
while (failure === undefined) {
  await log.append('detections', 0, [frame(acknowledged, objects)]).then(() => acknowledged++, told);
}
spawnSync('prlimit', ['--pid', String(process.pid), '--fsize=unlimited']);
log.resume('detections', 0);
await log.append('detections', 0, [frame(acknowledged, objects)]);
const { end } = await log.bounds('detections', 0);
const afterwards = { end, check: database.connection.get('PRAGMA integrity_check') };
await log.close();
database.close();
const { code, fate, message } = failure;
console.log(JSON.stringify({ acknowledged, failure: { code, fate, message }, afterwards }));

function told(error: unknown): void {
  if (!(error instanceof OcelliError)) throw error;
  failure = error;
}
