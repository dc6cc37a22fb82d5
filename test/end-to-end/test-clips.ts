import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { resolve } from 'node:path';
import { BUNDLED } from '../connectors/builds.ts';

const FOLDER = '.cache/test-clips';

/** A moving test picture as an H.264 file, made once. `source` is one of ffmpeg's, such as `testsrc2`. */
export function testClip(source: string, seconds: number, fps = 15): string {
  return clip(`${source}-${seconds}s-${fps}fps`, `${source}=size=960x540:rate=${fps}`, seconds);
}

/** A picture of one colour, 320×240: as high for its width as the inputs of the models in `test/fixtures`. */
export function stillClip(colour: string, seconds: number, fps = 15): string {
  return clip(`${colour}-${seconds}s-${fps}fps`, `color=${colour}:size=320x240:rate=${fps}`, seconds);
}

function clip(name: string, source: string, seconds: number): string {
  mkdirSync(FOLDER, { recursive: true });
  const file = resolve(FOLDER, `${name}.mp4`);
  if (existsSync(file)) return file;
  const part = `${file}.${process.pid}.mp4`;
  const input = ['-f', 'lavfi', '-i', source, '-t', String(seconds)];
  execFileSync(BUNDLED.path, ['-v', 'error', '-y', ...input, '-c:v', 'libx264', '-bf', '0', '-g', '30', '-pix_fmt', 'yuv420p', part]);
  renameSync(part, file);
  return file;
}
