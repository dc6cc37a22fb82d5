import { type Logger as Pino, pino } from 'pino';
import { redactUrls } from '../secret.ts';

/** Writes what happens for people and programs: facts first, then one sentence without a full stop. */
export interface Logger {
  debug(facts: object, sentence: string): void;
  info(facts: object, sentence: string): void;
  warn(facts: object, sentence: string): void;
  error(facts: object, sentence: string): void;
  /** A logger that adds these facts to every line. */
  child(facts: object): Logger;
}

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/**
 * Logs to standard error, so that standard output stays for what a command is asked for: coloured lines in a terminal, JSON elsewhere.
 * Credentials in addresses are taken out of everything that is written. Each line is written before the call returns: the last one before a
 * process ends is the one that is needed most.
 */
export function createLogger({ level = 'info', pretty = process.stderr.isTTY }: { level?: LogLevel; pretty?: boolean } = {}): Logger {
  const options = { level, base: null, hooks: { streamWrite: redactUrls } };
  return pretty ? pino({ ...options, transport: PRETTY }) : (pino(options, pino.destination({ dest: 2, sync: true })) satisfies Pino);
}

const PRETTY = {
  target: 'pino-pretty',
  options: { destination: 2, ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss.l', singleLine: true, sync: true },
};

/** For tests and library use: says nothing. */
export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => silentLogger };
