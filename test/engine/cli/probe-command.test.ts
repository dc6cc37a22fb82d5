import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodePicture } from '../../../engine/pictures/picture.ts';
import { makeClip } from '../../connectors/clips.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { ocelli } from './command-line.ts';

async function probe(...args: string[]) {
  const { code, out, err } = await ocelli('probe', ...args);
  return { code, said: out + err };
}

describe('ocelli probe', { timeout: 60_000 }, () => {
  it('says what lies in a recording, when it begins, and shows its first picture', async () => {
    const folder = temporaryFolder();
    const made = ['-metadata', 'creation_time=2026-03-04T05:06:07Z'];
    const clip = makeClip(folder, 'clip.mp4', { fps: 20, size: '320x180', more: made });
    const picture = join(folder, 'first.jpg');
    const { code, said } = await probe(`file:${clip}`, '--json', '--picture', picture);
    expect(JSON.parse(said)).toEqual({
      ok: true,
      url: `file:${clip}`,
      codec: 'h264',
      fps: 20,
      image: { width: 320, height: 180 },
      first: { time: Date.UTC(2026, 2, 4, 5, 6, 7), tookMs: expect.any(Number) },
    });
    expect(code).toBe(0);
    expect(await decodePicture(readFileSync(picture))).toMatchObject({ width: 320, height: 180 });
  });

  it('says why no picture comes, and exits with 1', async () => {
    const { code, said } = await probe('rtsp://viewer:s3cret-7@127.0.0.1:1/s');
    expect(said).toMatch(/^ocelli: 127\.0\.0\.1:1 refuses connections\. Check host and port/);
    expect([code, said.includes('s3cret-7')]).toEqual([1, false]);
  });

  it('says what is wrong with the address, and exits with 2', async () => {
    expect(await probe('http://192.0.2.1/s')).toEqual({ code: 2, said: expect.stringMatching(/^ocelli: url: .*rtsp/) });
  });
});
