import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import { openLogForReading, SqliteLog } from '../../../engine/log/index.ts';
import { backUp } from '../../../engine/sqlite/back-up.ts';
import { Database } from '../../../engine/sqlite/index.ts';
import { SqliteStateStore } from '../../../engine/state/index.ts';
import { SiteProcess } from '../../end-to-end/site-process.ts';
import { frame } from '../../records.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

async function openLog(path: string) {
  const database = new Database(path);
  const log = await SqliteLog.open(database);
  const close = async () => {
    await log.close();
    database.close();
  };
  return { database, log, close };
}

/** A folder with the database of a site, in which so many records are. */
async function siteWith(records: number): Promise<string> {
  const folder = temporaryFolder();
  const path = join(folder, 'ocelli.db');
  const { log, close } = await openLog(path);
  for (let seq = 0; seq < records; seq += 1) await log.append('detections', 0, [frame(seq)]);
  await close();
  return path;
}

describe('a backup', () => {
  it('is as of one moment, log and state together, while another process goes on writing', { timeout: 60_000 }, async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'data'));
    writeFileSync(join(folder, 'ocelli.yaml'), stringify({ cameras: [] }));
    const { database, log, close } = await openLog(join(folder, 'data/ocelli.db'));
    onTestFinished(close);
    const owner = await new SqliteStateStore(database).acquire('task');
    const target = join(folder, 'copy.db');
    const asked = new SiteProcess(['backup', target, '--json', '-c', join(folder, 'ocelli.yaml')]);
    let done = false;
    const exited = asked.exited.finally(() => {
      done = true;
    });
    // The state always stands at the end of the log, or one record before it.
    let seq = 0;
    for (; !done || seq === 0; seq += 1) {
      await log.append('detections', 0, [frame(seq)]);
      await owner.commit(seq, seq + 1, new Map([['at', Buffer.from(String(seq + 1))]]), []);
    }
    expect(await exited, asked.output).toMatchObject({ code: 0 });
    const { topics } = JSON.parse(asked.output) as { topics: { detections: { start: number; end: number } } };
    const { end } = topics.detections;
    expect(end).toBeLessThan(seq);

    const copied = await openLog(target);
    onTestFinished(copied.close);
    expect(await copied.log.bounds('detections', 0)).toEqual({ start: 0, end });
    const state = await new SqliteStateStore(copied.database).acquire('task');
    expect([end, end - 1]).toContain(state.position);
    expect(String(Buffer.from((await state.load()).get('at') ?? []))).toBe(state.position === 0 ? '' : String(state.position));
  });

  it('holds what was committed and not yet merged into the file', async () => {
    const path = await siteWith(3);
    const { log, close } = await openLog(path);
    onTestFinished(close);
    await log.append('detections', 0, [frame(3)]);
    const target = join(temporaryFolder(), 'copy.db');
    expect(backUp(path, target)).toBeGreaterThan(0);
    const copy = openLogForReading(target);
    onTestFinished(() => copy.close());
    expect((await copy.read('detections', 0, { from: 0, limit: 10 })).entries.map(({ record }) => record)).toEqual(
      [0, 1, 2, 3].map((seq) => frame(seq)),
    );
  });

  it('overwrites nothing', async () => {
    const path = await siteWith(1);
    const target = join(temporaryFolder(), 'copy.db');
    writeFileSync(target, 'mine');
    expect(() => backUp(path, target)).toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID', message: expect.stringMatching(/copy\.db is there already.*overwrites nothing/) }),
    );
  });

  it('says what is missing where there is nothing to copy, or no folder for the copy', async () => {
    const folder = temporaryFolder();
    expect(() => backUp(join(folder, 'none.db'), join(folder, 'copy.db'))).toThrow(/nothing to back up at .*none\.db/);
    const path = await siteWith(1);
    expect(() => backUp(path, join(folder, 'none/copy.db'))).toThrow(/no folder .*none for the backup/);
  });

  it('leaves nothing behind when what it should copy is damaged', async () => {
    const path = join(temporaryFolder(), 'ocelli.db');
    writeFileSync(path, 'junk '.repeat(1000));
    const target = join(temporaryFolder(), 'copy.db');
    expect(() => backUp(path, target)).toThrow(expect.objectContaining({ code: 'LOG_CORRUPT' }));
    expect(existsSync(target)).toBe(false);
    expect(readdirSync(join(target, '..')).filter((name) => name.startsWith(basename(target)))).toEqual([]);
  });
});
