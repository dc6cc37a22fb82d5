import { mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { PictureFolder } from '../../../ui/server/live/picture-folder.ts';
import { ManualClock } from '../../manual-clock.ts';
import { START_MS } from '../../records.ts';

const DAY_MS = 24 * 3_600_000;
const LIMITS = { ageMs: 10 * DAY_MS, bytes: 3000 };

describe('the folder of kept pictures', () => {
  let folder: string;
  let clock: ManualClock;

  beforeEach(() => {
    folder = join(mkdtempSync(join(tmpdir(), 'ocelli-pictures-')), 'pictures');
    clock = new ManualClock(Date.now());
  });

  const open = () => PictureFolder.open(folder, clock, LIMITS);
  const picture = (value: number, bytes = 900) => new Uint8Array(bytes).fill(value);

  it('gives back what was kept, also after a restart, readable by its owner alone', async () => {
    await (await open()).keep('dock-1/1766400000/88/0', START_MS, picture(7));
    const pictures = await open();
    expect(pictures.list()).toEqual([{ id: 'dock-1/1766400000/88/0', camera: 'dock-1', time: START_MS }]);
    expect(await pictures.read('dock-1/1766400000/88/0')).toEqual(Buffer.from(picture(7)));
    expect(statSync(join(folder, readdirSync(folder)[0] as string)).mode & 0o777).toBe(0o600);
  });

  it('keeps no more than its limit, and gives up the oldest first', async () => {
    const pictures = await open();
    for (let seq = 1; seq <= 5; seq += 1) await pictures.keep(`dock-1/1/${seq}/0`, START_MS + seq, picture(seq));
    expect(pictures.list().map(({ id }) => id)).toEqual(['dock-1/1/3/0', 'dock-1/1/4/0', 'dock-1/1/5/0']);
    expect([await pictures.read('dock-1/1/1/0'), readdirSync(folder).length]).toEqual([undefined, 3]);
  });

  it('gives up what was written too long ago, whenever it was captured', async () => {
    const pictures = await open();
    await pictures.keep('dock-1/1/1/0', 0, picture(1));
    clock.advance(LIMITS.ageMs + 1);
    await pictures.keep('dock-1/1/2/0', 0, picture(2));
    expect(pictures.list().map(({ id }) => id)).toEqual(['dock-1/1/2/0']);
  });

  it('holds its limits against what an earlier run left', async () => {
    await (await open()).keep('dock-1/1/1/0', START_MS, picture(1));
    const [file] = readdirSync(folder) as [string];
    const longAgo = new Date(clock.now() - LIMITS.ageMs - DAY_MS);
    utimesSync(join(folder, file), longAgo, longAgo);
    expect([(await open()).list(), readdirSync(folder)]).toEqual([[], []]);
  });

  it('sweeps up half-written pictures, and leaves alone and never gives what is none: other files, links, folders', async () => {
    await (await open()).keep('dock-1/1/1/0', START_MS, picture(1));
    const outside = join(folder, '../secret.txt');
    writeFileSync(outside, 'secret');
    writeFileSync(join(folder, 'dock-1.1.2.0.5.jpg.part'), 'half');
    writeFileSync(join(folder, 'notes.txt'), 'mine');
    symlinkSync(outside, join(folder, 'dock-1.1.3.0.5.jpg'));
    const pictures = await open();
    expect(pictures.list().map(({ id }) => id)).toEqual(['dock-1/1/1/0']);
    expect(await pictures.read('dock-1/1/3/0')).toBeUndefined();
    expect(readdirSync(folder).sort()).toEqual([`dock-1.1.1.0.${START_MS}.jpg`, 'dock-1.1.3.0.5.jpg', 'notes.txt']);
  });

  it('gives nothing when a link was put in the place of a picture', async () => {
    const pictures = await open();
    await pictures.keep('dock-1/1/1/0', 5, picture(1));
    rmSync(join(folder, 'dock-1.1.1.0.5.jpg'));
    writeFileSync(join(folder, '../secret.txt'), 'secret');
    symlinkSync(join(folder, '../secret.txt'), join(folder, 'dock-1.1.1.0.5.jpg'));
    expect(await pictures.read('dock-1/1/1/0')).toBeUndefined();
  });

  it.each(['../x/1/1/0', 'dock-1/1/1', '/etc/passwd/1/0', 'a.b/1/1/0', 'dock-1/1/1/0/0'])('keeps nothing for the id %s', async (id) => {
    await expect((await open()).keep(id, 5, picture(1))).rejects.toThrow('camera/session/seq/n');
    expect(readdirSync(folder)).toEqual([]);
  });
});
