import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { SqliteLog } from '../../../engine/log/index.ts';
import { Database } from '../../../engine/sqlite/index.ts';
import { SqliteStateStore } from '../../../engine/state/index.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const WRITER = fileURLToPath(new URL('./acknowledging-writer.ts', import.meta.url));
/** After how many acknowledgements each writer is killed: at different moments of a commit, of state, of maintenance. */
const KILLED_AFTER = [1, 40, 333, 1_102];

/** Starting five processes takes two seconds on an idle machine, and many times that on a busy one. */
const HANG_MS = 90_000;

/** What a writer told before it was killed: the last place of each camera, and the last position of its state. */
interface Told {
  readonly places: ReadonlyMap<string, number>;
  readonly state: number;
}

async function writeAndKill(path: string, acknowledgements: number, mode: 'late' | 'early'): Promise<Told> {
  const writer = spawn(process.execPath, [WRITER, path, mode], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void writer.kill('SIGKILL'));
  let output = '';
  let lines = 0;
  writer.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    lines += text.split('\n').length - 1;
    if (lines >= acknowledgements) writer.kill('SIGKILL');
  });
  await once(writer, 'close');
  return parse(output);
}

function parse(output: string): Told {
  const places = new Map<string, number>();
  let state = 0;
  for (const line of output.split('\n').slice(0, -1)) {
    const [kind, name = '', seq = ''] = line.split(' ');
    if (kind === 'record') places.set(name, Number(seq));
    else state = Number(name);
  }
  return { places, state };
}

/** What a new process finds in the file. */
async function findIn(path: string): Promise<Told & { readonly ordered: boolean; readonly sound: boolean; readonly stateText: string }> {
  const database = new Database(path);
  const log = await SqliteLog.open(database);
  const places = new Map<string, number>();
  let ordered = true;
  const { end } = await log.bounds('detections', 0);
  for (let next = 0; next < end; ) {
    const page = await log.read('detections', 0, { from: next, limit: 5_000 });
    for (const { record } of page.entries) {
      if (record.type !== 'detections' || record.seq !== (places.get(record.camera) ?? -1) + 1) ordered = false;
      else places.set(record.camera, record.seq);
    }
    next = page.next;
  }
  const progress = await log.progress('detections', 0);
  const owner = await new SqliteStateStore(database).acquire('task');
  const stateText = Buffer.from((await owner.load()).get('state') ?? []).toString();
  const sound =
    database.connection.get<{ integrity_check: string }>('PRAGMA integrity_check')?.integrity_check === 'ok' &&
    [...places].every(([camera, seq]) => progress.get(camera)?.seq === seq);
  await log.close();
  database.close();
  return { places, state: owner.position, ordered, sound, stateText };
}

describe('kill -9', () => {
  it('loses nothing that was acknowledged, keeps the order, and leaves a file that opens, time after time', {
    timeout: HANG_MS,
  }, async () => {
    const path = join(temporaryFolder(), 'ocelli.db');
    for (const acknowledgements of KILLED_AFTER) {
      const told = await writeAndKill(path, acknowledgements, 'late');
      const found = await findIn(path);
      expect(found).toMatchObject({ ordered: true, sound: true });
      expect(found.stateText).toBe(found.state === 0 ? '' : String(found.state));
      expect(found.state).toBeGreaterThanOrEqual(told.state);
      for (const [camera, seq] of told.places) expect(found.places.get(camera)).toBeGreaterThanOrEqual(seq);
    }
  });

  it('shows in this test when a record is acknowledged before it is committed', { timeout: HANG_MS }, async () => {
    const path = join(temporaryFolder(), 'ocelli.db');
    const told = await writeAndKill(path, 500, 'early');
    const found = await findIn(path);
    expect([...told.places].some(([camera, seq]) => (found.places.get(camera) ?? -1) < seq)).toBe(true);
  });
});
