import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { resolve } from 'node:path';

const FOLDER = '.cache/test-clips';
/** Frames of a committed clip: 20 s at 15 a second. */
const CLIP_FRAMES = 300;
const LOOPS = 5;

/** So many frames does `longClip` hold. */
export const LONG_CLIP_FRAMES = LOOPS * CLIP_FRAMES;

/** A committed clip many times over, five unless told otherwise, so that beginnings weigh little. @returns the path of the file */
export function longClip(camera: string, loops = LOOPS): string {
  mkdirSync(FOLDER, { recursive: true });
  const file = resolve(FOLDER, `${camera}-${loops}-times.mp4`);
  const source = `demo/footage/clips/${camera}.mp4`;
  if (!existsSync(file)) execFileSync('ffmpeg', ['-v', 'error', '-stream_loop', String(loops - 1), '-i', source, '-c', 'copy', file]);
  return file;
}
