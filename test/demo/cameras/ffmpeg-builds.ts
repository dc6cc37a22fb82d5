import { spawnSync } from 'node:child_process';
import bundled from '@ffmpeg-installer/ffmpeg';

/** An ffmpeg to test with. */
export interface FfmpegBuild {
  readonly name: string;
  readonly path: string;
  /** The option that limits waiting for a silent server, in microseconds: libavformat changed its name with 59. */
  readonly timeoutOption: '-stimeout' | '-timeout';
}

/** The one that npm brought, and the system's where there is one. */
export const FFMPEG_BUILDS: readonly FfmpegBuild[] = [
  { name: 'bundled ffmpeg', path: bundled.path, timeoutOption: timeoutOptionOf(bundled.path) },
  ...(versionOf('ffmpeg') === undefined ? [] : [{ name: 'system ffmpeg', path: 'ffmpeg', timeoutOption: timeoutOptionOf('ffmpeg') }]),
];

function timeoutOptionOf(path: string): FfmpegBuild['timeoutOption'] {
  const [, major] = /libavformat\s+(\d+)\./.exec(versionOf(path) ?? '') ?? [];
  return Number(major) >= 59 ? '-timeout' : '-stimeout';
}

function versionOf(path: string): string | undefined {
  const { status, stdout } = spawnSync(path, ['-version'], { encoding: 'utf8' });
  return status === 0 ? stdout : undefined;
}
