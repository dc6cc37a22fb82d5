import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { probe } from '../../../connectors/ffmpeg/probe.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { BUILDS } from '../builds.ts';
import { makeClip } from '../clips.ts';

describe.each(BUILDS)('probing with %s', (_name, build) => {
  it('tells what lies in a file', async () => {
    const path = makeClip(temporaryFolder(), 'a clip, with: signs.mp4', { size: '320x180', seconds: 2, more: ['-r', '30000/1001'] });
    expect(await probe(build, path)).toEqual({
      codec: 'h264',
      size: { width: 320, height: 180 },
      fps: 29.97,
      durationMs: expect.any(Number),
    });
  });

  it('says what is wrong with one that is no video', async () => {
    const path = join(temporaryFolder(), 'text.mp4');
    writeFileSync(path, 'This is no film, it is a sentence.');
    await expect(probe(build, path)).rejects.toThrow(/text\.mp4": expected a video, but ffmpeg finds none: .*Invalid data found/);
  });

  it('says what is wrong with one that is not there', async () => {
    await expect(probe(build, '/nowhere/x.mp4')).rejects.toThrow(/expected a video, but ffmpeg finds none: .*No such file/);
  });
});
