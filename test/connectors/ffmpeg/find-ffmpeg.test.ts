import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findFfmpeg, flagsOf } from '../../../connectors/ffmpeg/find-ffmpeg.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

/** A folder with an ffmpeg that says to be of this version. */
function ffmpegOf(version: string, libavformat: string): string {
  const folder = temporaryFolder();
  const path = join(folder, 'ffmpeg');
  writeFileSync(path, `#!/bin/sh\necho "ffmpeg version ${version} Copyright (c)"\necho "libavformat    ${libavformat} / ${libavformat}"\n`);
  chmodSync(path, 0o755);
  return folder;
}

describe('the ffmpeg to use', () => {
  it('is the one that FFMPEG_PATH names, however old', async () => {
    const path = join(ffmpegOf('4.1', '58. 20.100'), 'ffmpeg');
    expect(await findFfmpeg({ ...process.env, FFMPEG_PATH: path })).toEqual({ path, version: '4.1', flags: flagsOf(58, 20) });
  });

  it('is the one of the system from version 5 on', async () => {
    const found = await findFfmpeg({ PATH: `${ffmpegOf('6.1', '60. 16.100')}:/usr/bin:/bin` });
    expect([found.path, found.version, found.warning]).toEqual(['ffmpeg', '6.1', undefined]);
  });

  it('is the bundled one with a warning where the system has none, or an old one', async () => {
    const found = await findFfmpeg({ PATH: `${ffmpegOf('4.4', '58. 76.100')}:/bin` });
    expect(found.path).toMatch(/@ffmpeg-installer/);
    expect(found.warning).toMatch(/gets no security fixes.*Install ffmpeg 5 or newer/);
  });

  it('is refused with a sentence when FFMPEG_PATH names nothing that runs', async () => {
    await expect(findFfmpeg({ ...process.env, FFMPEG_PATH: '/nowhere/ffmpeg' })).rejects.toMatchObject({
      code: 'DECODER_MISSING',
      message: expect.stringMatching(/FFMPEG_PATH must name an ffmpeg that runs; "\/nowhere\/ffmpeg" does not.*Correct it, or unset it/),
    });
  });

  it('is refused when it runs and is something else', async () => {
    await expect(findFfmpeg({ ...process.env, FFMPEG_PATH: '/bin/echo' })).rejects.toThrow(/does not answer "-version" as ffmpeg does/);
  });
});

describe('options', () => {
  it.each([
    [58, 24, '-vsync 0', ''],
    [58, 76, '-vsync 0', '-autoscale 0'],
    [59, 16, '-vsync 0', '-autoscale 0'],
    [59, 27, '-fps_mode passthrough', '-autoscale 0'],
    [61, 7, '-fps_mode passthrough', '-autoscale 0'],
  ])('of libavformat %i.%i', (major, minor, passthrough, keepSize) => {
    const flags = flagsOf(major, minor);
    expect([flags.passthrough.join(' '), flags.keepSize.join(' ')]).toEqual([passthrough, keepSize]);
  });
});
