import { type ErrorCode, OcelliError } from '../errors.ts';

/** What a command's exit code says to the script that called it. */
export const EXIT = {
  /** It did what was asked. */
  ok: 0,
  /** It failed, or what it checked does not hold. */
  failed: 1,
  /** It was asked wrongly: arguments, configuration, model, input. Trying again without a change is of no use. */
  usage: 2,
  /** What it needs is not to be had: the log is in use, cannot be written, or was written by a newer version. */
  unavailable: 3,
} as const;

const USAGE: ReadonlySet<ErrorCode> = new Set([
  'CAMERA_UNKNOWN',
  'CONFIG_INVALID',
  'CONFIG_NOT_FOUND',
  'DECODER_MISSING',
  'INPUT_INVALID',
  'MODEL_INVALID',
  'RECORD_INVALID',
  'TOPIC_UNKNOWN',
]);
const UNAVAILABLE: ReadonlySet<ErrorCode> = new Set([
  'CLUSTER_TAKEN',
  'LOG_IN_USE',
  'LOG_NEWER_VERSION',
  'LOG_CORRUPT',
  'LOG_POSITION_LOST',
  'LOG_UNAVAILABLE',
  'STATE_CORRUPT',
  'STATE_LOST',
  'STATE_NEWER_VERSION',
  'STATE_POSITION_LOST',
  'STATE_REFUSED',
]);

export function exitCodeOf(error: unknown): number {
  if (!(error instanceof OcelliError)) return EXIT.failed;
  if (USAGE.has(error.code)) return EXIT.usage;
  return UNAVAILABLE.has(error.code) ? EXIT.unavailable : EXIT.failed;
}
