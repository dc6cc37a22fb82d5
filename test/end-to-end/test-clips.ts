import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { resolve } from 'node:path';

const FOLDER = '.cache/test-clips';

/** A moving test picture as an H.264 file, made once. `source` is one of ffmpeg's, such as `testsrc2`. */
export function testClip(source: string, seconds: number, fps = 15): string {
  mkdirSync(FOLDER, { recursive: true });
  const file = resolve(FOLDER, `${source}-${seconds}s-${fps}fps.mp4`);
  if (existsSync(file)) return file;
  const part = `${file}.${process.pid}.mp4`;
  const input = ['-f', 'lavfi', '-i', `${source}=size=960x540:rate=${fps}`, '-t', String(seconds)];
  execFileSync('ffmpeg', ['-v', 'error', '-y', ...input, '-c:v', 'libx264', '-bf', '0', '-g', '30', '-pix_fmt', 'yuv420p', part]);
  renameSync(part, file);
  return file;
}
