/**
 * A process that writes records and state to the database named by its argument as fast as it can, and tells on its standard output
 * what was acknowledged, until it is killed: `record <camera> <seq>` and `state <n>`. It goes on where the file says that it stands.
 * With `early` as the second argument it tells before the acknowledgement, as a wrong log would (the control of the test).
 */
import { writeSync } from 'node:fs';
import { SqliteLog } from '../../../engine/log/index.ts';
import { Database } from '../../../engine/sqlite/index.ts';
import { SqliteStateStore } from '../../../engine/state/index.ts';
import { detected, frame } from '../../records.ts';

const CAMERAS = ['dock-1', 'dock-2', 'dock-3'];
const BURST = 4;
const ENOUGH = 2_000;

const [path = '', mode = 'late'] = process.argv.slice(2);
const database = new Database(path);
const log = await SqliteLog.open(database);
let told = 0;
const known = await log.progress('detections', 0);

await Promise.all([...CAMERAS.map((camera) => (mode === 'early' ? writeEarly(camera) : writeRecords(camera))), writeState(), maintain()]);

async function writeRecords(camera: string): Promise<void> {
  for (let seq = (known.get(camera)?.seq ?? -1) + 1; ; seq += BURST) {
    await turn();
    await log.append('detections', 0, burst(camera, seq));
    tell(`record ${camera} ${seq + BURST - 1}`);
  }
}

async function writeEarly(camera: string): Promise<void> {
  for (let seq = (known.get(camera)?.seq ?? -1) + 1; ; seq += BURST) {
    void log.append('detections', 0, burst(camera, seq));
    tell(`record ${camera} ${seq + BURST - 1}`);
  }
}

/** The state is its own position as text, so that one without the other shows. */
async function writeState(): Promise<void> {
  const owner = await new SqliteStateStore(database).acquire('task');
  for (let position = owner.position; ; position++) {
    await owner.commit(position, position + 1, new Map([['state', Buffer.from(String(position + 1))]]), [
      { table: 'counts', row: 'commits', set: { count: position + 1 } },
    ]);
    tell(`state ${position + 1}`);
    await turn();
  }
}

async function maintain(): Promise<void> {
  for (;;) {
    await turn();
    await log.maintain();
  }
}

function burst(camera: string, from: number) {
  return Array.from({ length: BURST }, (_, index) => frame(from + index, [detected()], { camera }));
}

/** Waits until the line is in the pipe, which `process.stdout` does not when the pipe is full: what was told is with the reader. */
function tell(line: string): void {
  writeSync(1, `${line}\n`);
  told++;
}

/** Not much further than where it is to be killed, should whoever kills it be slow. */
async function turn(): Promise<void> {
  await new Promise((resolve) => (told < ENOUGH ? setImmediate(resolve) : undefined));
}
