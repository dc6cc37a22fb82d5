import { type ErrorCode, OcelliError } from '../engine/errors.ts';
import type { Cause } from './camera-status.ts';

/** Why something ended, with the sentence for people. */
export interface Reason {
  readonly cause: Cause;
  readonly detail: string;
}

/**
 * What ffmpeg's words mean. The first that fits counts; the last line of ffmpeg is asked first. It only reads files and what we feed it:
 * what cameras answer is understood where we speak to them, and a number in a line (`concealing 401 DC errors`) is never a status.
 */
const WORDS: readonly (readonly [Cause, RegExp])[] = [
  ['not-found', /no such file/i],
  ['timeout', /timed out|timeout/i],
  ['codec', /matches no streams|does not contain any stream|decoder.*not found|unknown decoder|could not find codec/i],
  ['local', /cannot allocate memory|permission denied|too many open files|not on whitelist|no space left|option .*not found/i],
  ['local', /error while loading shared libraries|exec format error|unrecognized option/i],
  ['corrupt', /invalid data found|moov atom not found|invalid nal|error while decoding/i],
];

/** From the exit code of ffmpeg and its last lines (redacted). Exit code 0 is no success for a camera: ffmpeg ends so when it dies. */
export function causeOfExit(code: number | undefined, lastLines: readonly string[]): Reason {
  if (code === undefined || code === 126 || code === 127) return { cause: 'local', detail: 'ffmpeg could not be started' };
  for (const line of lastLines.toReversed()) {
    const cause = causeOfLine(line);
    if (cause !== undefined) return { cause, detail: line };
  }
  if (code > 128) return { cause: 'local', detail: `ffmpeg was ended by signal ${code - 128}` };
  return code === 0 ? { cause: 'ended', detail: 'the stream ended' } : { cause: 'corrupt', detail: `ffmpeg ended with code ${code}` };
}

export function causeOfLine(line: string): Cause | undefined {
  return WORDS.find(([, words]) => words.test(line))?.[0];
}

const CODES: Partial<Record<ErrorCode, Cause>> = {
  CAMERA_AUTHENTICATION: 'authentication',
  CAMERA_CODEC: 'codec',
  CAMERA_NOT_FOUND: 'not-found',
  CAMERA_REDIRECT: 'redirect',
  CAMERA_REFUSED: 'refused',
  CAMERA_TIMEOUT: 'timeout',
};

export function causeOfError(error: unknown): Cause {
  return (error instanceof OcelliError ? CODES[error.code] : undefined) ?? 'local';
}
