/**
 * Every error that Ocelli raises on purpose, with what happens to the work that met it.
 *
 * fate `reject`: this record goes to the dead letters, the stream goes on.
 * fate `retry`: try again with back-off. fate `restart`: start the task again from its checkpoint. fate `stop`: exit with the sentence.
 */
export type Fate = 'reject' | 'retry' | 'restart' | 'stop';

const FATES = {
  CAMERA_AUTHENTICATION: 'retry',
  CAMERA_CODEC: 'retry',
  CAMERA_LOCAL: 'retry',
  CAMERA_NOT_FOUND: 'retry',
  CAMERA_REDIRECT: 'retry',
  CAMERA_REFUSED: 'retry',
  CAMERA_TIMEOUT: 'retry',
  CAMERA_UNKNOWN: 'stop',
  CLUSTER_TAKEN: 'stop',
  CONFIG_CHANGED: 'retry',
  CONFIG_INVALID: 'stop',
  CONFIG_NOT_FOUND: 'stop',
  CONFIG_READ_ONLY: 'stop',
  DECODER_MISSING: 'stop',
  INPUT_INVALID: 'stop',
  LEASE_LOST: 'restart',
  LOG_BROKER_UNSUPPORTED: 'stop',
  LOG_CORRUPT: 'stop',
  LOG_FULL: 'retry',
  LOG_IN_USE: 'stop',
  LOG_NEWER_VERSION: 'stop',
  LOG_POSITION_LOST: 'stop',
  LOG_REFUSED: 'stop',
  LOG_TOO_LARGE: 'stop',
  LOG_TOPIC_DIFFERS: 'stop',
  LOG_UNAVAILABLE: 'retry',
  MODEL_INVALID: 'stop',
  OPERATOR_FAILED: 'restart',
  RECORD_INVALID: 'reject',
  STATE_CORRUPT: 'stop',
  STATE_FULL: 'retry',
  STATE_LOST: 'stop',
  STATE_NEWER_VERSION: 'stop',
  STATE_POSITION_LOST: 'stop',
  STATE_REFUSED: 'stop',
  STATE_STALE_OWNER: 'restart',
  STATE_UNAVAILABLE: 'retry',
  TASK_KEEPS_FAILING: 'stop',
  TOPIC_UNKNOWN: 'stop',
} as const satisfies Record<string, Fate>;

export type ErrorCode = keyof typeof FATES;
export const ERROR_CODES = Object.keys(FATES) as readonly ErrorCode[];

/**
 * An error with a code, a sentence for people and facts for programs.
 * The message says what was expected, what came, where, and what to do. It never holds a secret.
 */
export class OcelliError extends Error {
  override readonly name = 'OcelliError';
  readonly code: ErrorCode;
  readonly context: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, { cause, ...context }: { cause?: unknown; [fact: string]: unknown } = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.context = context;
  }

  get fate(): Fate {
    return FATES[this.code];
  }
}

/** The fate of any thrown value. What nobody foresaw is started again from the checkpoint; the supervisor stops it after several in a window. */
export function fateOf(error: unknown): Fate {
  return error instanceof OcelliError ? error.fate : 'restart';
}

/** The sentence of any thrown value. */
export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
