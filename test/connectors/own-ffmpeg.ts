import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Ffmpeg } from '../../connectors/ffmpeg/find-ffmpeg.ts';
import { BUNDLED } from './builds.ts';
import { runningProcesses } from './running-processes.ts';

let made = 0;

/** The bundled ffmpeg under a name of its own, in a folder, so that its process can be told from those of other cameras. */
export function ownFfmpeg(folder: string, name: string): Ffmpeg {
  made += 1;
  const path = join(folder, `ffmpeg-${name}-${made}`);
  symlinkSync(BUNDLED.path, path);
  return { ...BUNDLED, path };
}

/** Running processes of this program: itself, not the shell that keeps it. */
export function processesOf({ path }: Ffmpeg): number[] {
  return runningProcesses()
    .filter(({ command }) => command[0] === path)
    .map(({ pid }) => pid);
}
