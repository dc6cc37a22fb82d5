import { createRequire } from 'node:module';
import { pino } from 'pino';
import type PinoPretty from 'pino-pretty';
import { redactUrls } from '../secret.ts';
import { LineWriter } from './line-writer.ts';

/** Writes what happens for people and programs: facts first, then one sentence without a full stop. */
export interface Logger {
  debug(facts: object, sentence: string): void;
  info(facts: object, sentence: string): void;
  warn(facts: object, sentence: string): void;
  error(facts: object, sentence: string): void;
  /** A logger that adds these facts to every line. */
  child(facts: object): Logger;
}

/** The logger of a process. */
export interface ProcessLogger extends Logger {
  /** Resolves when everything said so far is written: to be waited for before the process is ended from inside. */
  written(): Promise<void>;
}

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const STANDARD_ERROR = 2;

/**
 * Logs to standard error, so that standard output stays for what a command is asked for: coloured lines in a terminal, JSON elsewhere.
 * Credentials in addresses are taken out of everything that is written. Nobody waits for a line to be written: a terminal that is paused
 * would hold up every camera.
 */
export function createLogger({
  level = 'info',
  pretty = process.stderr.isTTY,
}: {
  level?: LogLevel;
  pretty?: boolean;
} = {}): ProcessLogger {
  const writer = new LineWriter(STANDARD_ERROR);
  const format = pretty ? prettyFormat() : (line: string) => line;
  const logger = pino({ level, base: null, hooks: { streamWrite: redactUrls } }, { write: (line) => writer.write(format(line)) });
  return Object.assign(logger, { written: () => writer.written });
}

/** Loaded only where it is needed: it takes some 20 ms. */
function prettyFormat(): (line: string) => string {
  const { isColorSupported, prettyFactory }: typeof PinoPretty = createRequire(import.meta.url)('pino-pretty');
  return prettyFactory({ colorize: isColorSupported, ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss.l', singleLine: true });
}

/** For tests and library use: says nothing. */
export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => silentLogger };
