import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { OcelliError, sentenceOf } from '../../engine/errors.ts';

const run = promisify(execFile);
const PROBE_LIMIT_MS = 10_000;
/** libavformat 59 is ffmpeg 5.0, from which on there are security fixes. */
const MAINTAINED_LIBAVFORMAT = 59;

/** What differs between versions. */
export interface FfmpegFlags {
  /** Neither invent nor drop frames. */
  readonly passthrough: readonly string[];
  /** Pictures keep their size when it changes in mid-stream, where that can be asked for. */
  readonly keepSize: readonly string[];
}

/** An ffmpeg that answered when it was asked for its version. */
export interface Ffmpeg {
  readonly path: string;
  /** As it names itself: `5.1.9-0+deb12u1`. */
  readonly version: string;
  readonly flags: FfmpegFlags;
  /** What a person should know about this choice, or nothing. */
  readonly warning?: string;
}

/**
 * Finds the ffmpeg to use: `FFMPEG_PATH` if it is set, else ffmpeg 5 or newer on the `PATH`, else the bundled one with a warning.
 * Throws DECODER_MISSING with a sentence that says what was tried.
 */
export async function findFfmpeg(env: NodeJS.ProcessEnv = process.env): Promise<Ffmpeg> {
  const chosen = env['FFMPEG_PATH'];
  if (chosen !== undefined && chosen !== '') return required(chosen, env);
  const system = await optional('ffmpeg', env);
  if (system !== undefined && system.major >= MAINTAINED_LIBAVFORMAT) return system.ffmpeg;
  const bundled = await optional(bundledPath(), env);
  if (bundled !== undefined) return { ...bundled.ffmpeg, warning: bundledWarning(bundled.ffmpeg.version) };
  if (system !== undefined) return { ...system.ffmpeg, warning: bundledWarning(system.ffmpeg.version) };
  throw new OcelliError(
    'DECODER_MISSING',
    'No ffmpeg was found: none on the PATH, and the bundled one is missing or does not run on this machine. Install ffmpeg 5 or newer, or set FFMPEG_PATH to one.',
  );
}

async function required(path: string, env: NodeJS.ProcessEnv): Promise<Ffmpeg> {
  try {
    return (await ask(path, env)).ffmpeg;
  } catch (cause) {
    const expected = 'FFMPEG_PATH must name an ffmpeg that runs';
    throw new OcelliError('DECODER_MISSING', `${expected}; "${path}" does not: ${sentenceOf(cause)} Correct it, or unset it.`, { cause });
  }
}

/** `undefined` where there is none, or it does not run: the next candidate is asked. */
async function optional(path: string | undefined, env: NodeJS.ProcessEnv): Promise<Answer | undefined> {
  if (path === undefined) return undefined;
  return ask(path, env).catch(() => undefined);
}

interface Answer {
  readonly ffmpeg: Ffmpeg;
  readonly major: number;
}

async function ask(path: string, env: NodeJS.ProcessEnv): Promise<Answer> {
  const { stdout } = await run(path, ['-hide_banner', '-version'], { timeout: PROBE_LIMIT_MS, env });
  const version = /^ffmpeg version (\S+)/m.exec(stdout)?.[1];
  const library = /^libavformat\s+(\d+)\.\s*(\d+)/m.exec(stdout);
  if (version === undefined || library === null) throw new Error('it does not answer "-version" as ffmpeg does.');
  const [major, minor] = [Number(library[1]), Number(library[2])];
  return { ffmpeg: { path, version, flags: flagsOf(major, minor) }, major };
}

/** By the version of libavformat: 59.0 is ffmpeg 5.0, 59.27 is 5.1, 58.76 is 4.4. */
export function flagsOf(major: number, minor: number): FfmpegFlags {
  const since = (wantedMajor: number, wantedMinor: number) => major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
  return {
    passthrough: since(59, 27) ? ['-fps_mode', 'passthrough'] : ['-vsync', '0'],
    keepSize: since(58, 76) ? ['-autoscale', '0'] : [],
  };
}

function bundledPath(): string | undefined {
  try {
    const installer: unknown = createRequire(import.meta.url)('@ffmpeg-installer/ffmpeg');
    return (installer as { readonly path: string }).path;
  } catch {
    return undefined; // No build for this platform, or the optional package is not installed.
  }
}

function bundledWarning(version: string): string {
  return `Using ffmpeg ${version}, which is years old and gets no security fixes: enough for recordings and for cameras that you trust. Install ffmpeg 5 or newer for everything else.`;
}
