import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { BUNDLED } from './builds.ts';

export interface ClipOptions {
  readonly size?: string;
  readonly fps?: number;
  readonly seconds?: number;
  readonly keyEvery?: number;
  /** Further options of ffmpeg before the output file. */
  readonly more?: readonly string[];
}

/** Makes a clip of moving test pictures. The name's ending chooses the container. */
export function makeClip(folder: string, name: string, options: ClipOptions = {}): string {
  const { size = '64x36', fps = 25, seconds = 2, keyEvery = fps, more = [] } = options;
  const file = join(folder, name);
  const picture = ['-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=${fps}:duration=${seconds}`];
  const video = ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '0', '-g', String(keyEvery), '-pix_fmt', 'yuv420p'];
  ffmpeg([...picture, ...video, ...more, file]);
  return file;
}

/** Makes numbered pictures; `%d` in the name counts from 1. */
export function makeImages(folder: string, name: string, count: number, size = '64x48'): void {
  ffmpeg(['-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=1:duration=${count}`, join(folder, name)]);
}

export function ffmpeg(argv: readonly string[]): Buffer {
  return execFileSync(BUNDLED.path, ['-y', '-loglevel', 'error', ...argv], { maxBuffer: 1 << 28 });
}
