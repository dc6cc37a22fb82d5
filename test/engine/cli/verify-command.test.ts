import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { frame, gap, mark, tracked } from '../../records.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { ocelli } from './command-line.ts';

describe('ocelli verify', () => {
  /** What it says of these lines, without the folder of the file. */
  async function verify(lines: readonly unknown[], ...options: string[]) {
    const file = join(temporaryFolder(), 'export.ndjson');
    writeFileSync(file, lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''));
    const { code, out, err } = await ocelli('verify', file, ...options);
    return { code, out, err: err.replaceAll(file, 'export.ndjson') };
  }

  it('answers 0 for a whole account', async () => {
    const { code, out } = await verify([mark('up'), frame(1), gap(2, 3)]);
    expect(out).toMatch(/\ndock-1 +1 +1 +0 +2 stale +1\n/);
    expect(out).toMatch(/Every place is covered exactly once\.\n$/);
    expect(code).toBe(0);
  });

  it('answers 1 for a hole, and says line, camera and places', async () => {
    const { code, out } = await verify([mark('up'), frame(3)]);
    expect(out).toMatch(/export\.ndjson:2: dock-1 hole: nothing covers the places 1…2 of session 1/);
    expect(code).toBe(1);
  });

  it('answers 1 for an export without records', async () => {
    const { code, out } = await verify([]);
    expect(out).toMatch(/export\.ndjson holds no record: there is nothing to check\.\n$/);
    expect(code).toBe(1);
  });

  it('applies the place rule when it is told to, and tells programs in JSON', async () => {
    const twice = [mark('up'), frame(1), frame(1)];
    expect((await verify(twice)).code).toBe(1);
    const { code, out } = await verify(twice, '--place-rule', '--json');
    expect(JSON.parse(out)).toMatchObject({ breaches: [], cameras: { 'dock-1': { frames: 1, marks: 1 } } });
    expect(code).toBe(0);
  });

  it('says that there is no such file', async () => {
    const { code, err } = await ocelli('verify', '/nowhere/export.ndjson');
    expect([code, err]).toEqual([2, 'ocelli: There is no file /nowhere/export.ndjson.\n']);
  });

  it('sees by itself which of the two topics it is given', async () => {
    expect(await verify([mark('up'), tracked(1)])).toMatchObject({ code: 0, err: '' });
  });

  it('says in one sentence that an export is of another topic than it was told', async () => {
    const { code, out, err } = await verify([mark('up'), tracked(1), tracked(2)], '--topic', 'detections');
    expect(err).toBe('ocelli: export.ndjson holds records of the topic tracks, not of detections: say --topic tracks.\n');
    expect([code, out]).toEqual([2, '']);
  });

  it('says in one sentence that something else was exported', async () => {
    const { code, out, err } = await verify(['time,camera', '1,dock-1']);
    expect(err).toBe(
      'ocelli: export.ndjson holds no record of the topic detections. Line 1: it is no JSON: "time,camera", and the others are none either.\n',
    );
    expect([code, out]).toEqual([2, '']);
  });
});
