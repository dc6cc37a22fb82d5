import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SqliteLog } from '../../../engine/log/index.ts';
import { Database } from '../../../engine/sqlite/database.ts';
import { SiteProcess } from '../../end-to-end/site-process.ts';
import { frame, gap, mark, timeOf } from '../../records.ts';
import { ocelli } from './command-line.ts';

describe('ocelli tail', { timeout: 60_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'ocelli-tail-'));
  const file = join(folder, 'ocelli.yaml');
  const others = { camera: 'gate-2' };
  let database: Database;
  let log: SqliteLog;

  beforeAll(async () => {
    mkdirSync(join(folder, 'data'));
    writeFileSync(file, 'cameras: [{ id: dock-1, url: "rtsp://192.0.2.1/s" }, { id: new-3, url: "rtsp://192.0.2.3/s" }]\n');
    database = new Database(join(folder, 'data/ocelli.db'));
    log = await SqliteLog.open(database);
    await log.append('detections', 0, [mark('up'), mark('up', 0, others), frame(1), frame(1, [], others), gap(2, 3), frame(4)]);
  });

  afterAll(async () => {
    await log.close();
    database.close();
    rmSync(folder, { recursive: true });
  });

  async function tail(...args: string[]) {
    const { code, out, err } = await ocelli('tail', ...args, '-c', file);
    const ids = out.split('\n').flatMap((line) => (line === '' ? [] : [(JSON.parse(line) as { id: string }).id]));
    return { code, ids, err };
  }

  it('prints every record of a topic, one a line, while a site writes them', async () => {
    expect(await tail('detections')).toEqual({
      code: 0,
      ids: ['dock-1/1/0', 'gate-2/1/0', 'dock-1/1/1', 'gate-2/1/1', 'dock-1/1/2', 'dock-1/1/4'],
      err: '',
    });
  });

  it.each([
    [
      ['--camera', 'gate-2'],
      ['gate-2/1/0', 'gate-2/1/1'],
    ],
    [
      ['--limit', '2'],
      ['dock-1/1/0', 'gate-2/1/0'],
    ],
    [
      ['--from', 'dock-1/1/3', '--camera', 'dock-1'],
      ['dock-1/1/2', 'dock-1/1/4'],
    ],
    [['--from', String(timeOf(4))], ['dock-1/1/4']],
    [['--from', new Date(timeOf(4)).toISOString()], ['dock-1/1/4']],
    [['--from', 'now'], []],
    [['--camera', 'new-3'], []],
  ])('with %j prints %j', async (options, ids) => {
    expect(await tail('detections', ...options)).toEqual({ code: 0, ids, err: '' });
  });

  it('names the cameras that there are, configured or recorded, to who asks for another one', async () => {
    expect(await tail('detections', '--camera', 'nix')).toEqual({
      code: 2,
      ids: [],
      err: 'ocelli: There is no camera "nix". There are dock-1, gate-2, new-3.\n',
    });
  });

  it.each([
    [['nix'], /^ocelli: There is no topic "nix"; expected one of detections, tracks/],
    [['detections', '--from', 'yesterday'], /^ocelli: from is "yesterday"; expected beginning, now, a time such as/],
  ])('refuses %j', async (args, sentence) => {
    const { code, err } = await tail(...args);
    expect(err).toMatch(sentence);
    expect(code).toBe(2);
  });

  it('refuses a number that is none', async () => {
    const { code, err } = await tail('detections', '--limit', '0');
    expect(err).toMatch(/option '--limit <n>' argument '0' is invalid\. expected a whole number of at least 1\./);
    expect(code).toBe(2);
  });

  it('with --follow waits for a camera that may come, prints its records as they are committed, and ends at a signal with 0', async () => {
    const following = new SiteProcess(['tail', 'detections', '--camera', 'later', '--follow', '--from', 'beginning', '-c', file]);
    await following.says(/There is no camera "later"\. .* Waiting for it\./);
    const lines = createInterface(following.child.stdout as Readable)[Symbol.asyncIterator]();
    const first = lines.next();
    await log.append('detections', 0, [frame(5), mark('up', 0, { camera: 'later' })]);
    expect(JSON.parse((await first).value as string)).toMatchObject({ id: 'later/1/0', mark: 'up' });
    following.child.kill('SIGTERM');
    expect(await following.exited).toEqual({ code: 0, signal: null });
  });

  it('ends when nobody reads any more', async () => {
    const following = new SiteProcess(['tail', 'detections', '--follow', '--from', 'beginning', '-c', file]);
    await following.says(/dock-1\/1\/4/);
    following.child.stdout?.destroy();
    await log.append(
      'detections',
      0,
      Array.from({ length: 200 }, (_, index) => frame(10 + index)),
    );
    expect(await following.exited).toEqual({ code: 0, signal: null });
  });
});
