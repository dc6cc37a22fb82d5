import { readConfiguration } from '../config/read-configuration.ts';
import { sentenceOf } from '../errors.ts';
import { createLogger, type Logger, type LogLevel, type ProcessLogger } from '../observe/logger.ts';
import type { Application, RunningSite, StartOptions } from './application.ts';
import { EXIT } from './exit-codes.ts';
import { exitNow } from './exit-now.ts';
import type { RoleName } from './role-names.ts';

/** So long the last lines may take when the process ends from inside: whoever should read them may stand still. */
const LAST_WORDS_WITHIN_MS = 500;
/** A drain that takes longer is given up: what is not committed is told as a gap at the next start. */
const DRAIN_WITHIN_MS = 10_000;

export interface RunOptions {
  readonly untilEnd?: boolean;
  readonly logLevel: LogLevel;
  readonly role?: readonly RoleName[];
  readonly host?: string;
  readonly port?: number;
}

/**
 * Runs a site until a signal, until its recordings have ended, or until something brings it down.
 *
 *   starting ──▶ running ──SIGTERM, SIGINT, end──▶ draining ──▶ exit 0
 *                   │                                 ├─ second signal ──▶ exit 1 at once
 *                   └─ failure ──▶ exit 1             └─ 10 s ──▶ exit 1
 *
 * @returns the exit code
 */
export async function runCommand(application: Application, file: string, options: RunOptions): Promise<number> {
  const { untilEnd = false, role } = options;
  const configuration = readConfiguration(file, { operators: application.operators });
  const how = { file, untilEnd, version: application.version, listen: listenOf(options), ...(role === undefined ? {} : { roles: role }) };
  return runSite(application, options.logLevel, (logger) => application.start(configuration, { ...how, logger }));
}

/** Several processes of one machine share a configuration file, and not a port. */
function listenOf({ host, port }: RunOptions): NonNullable<StartOptions['listen']> {
  return { ...(host === undefined ? {} : { host }), ...(port === undefined ? {} : { port }) };
}

export interface DemoCommandOptions {
  readonly logLevel: LogLevel;
  readonly port: number;
}

/** Runs simulated cameras and a site that watches them, until a signal. */
export function demoCommand(application: Application, { logLevel, port }: DemoCommandOptions): Promise<number> {
  const { version } = application;
  return runSite(application, logLevel, (logger) => application.startDemo({ version, logger, port, folder: process.cwd() }));
}

async function runSite({ version }: Application, level: LogLevel, start: (logger: Logger) => Promise<RunningSite>): Promise<number> {
  const logger = createLogger({ level });
  try {
    return await runLogged(version, logger, start);
  } finally {
    await logger.written();
  }
}

async function runLogged(version: string, logger: ProcessLogger, start: (logger: Logger) => Promise<RunningSite>): Promise<number> {
  const asked = firstSignal(logger);
  endAtUnforeseenErrors(logger);
  logger.info({ version, pid: process.pid }, 'Ocelli is starting');
  const site = await start(logger);
  logger.info({ url: site.url }, 'Ocelli is running');
  try {
    await Promise.race([asked, site.finished]);
  } finally {
    await drain(site, logger);
  }
  return EXIT.ok;
}

/** Resolves at the first SIGTERM or SIGINT; the second ends the process at once. */
function firstSignal(logger: ProcessLogger): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let asked = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (asked) return endSoon(logger);
      asked = true;
      logger.info({ signal }, 'Draining; a second signal ends at once');
      resolve();
    });
  }
  return promise;
}

/** After an error that nobody caught nothing is certain any more: it is told, and whoever supervises the process starts it again. */
function endAtUnforeseenErrors(logger: ProcessLogger): void {
  process.on('uncaughtException', (error: unknown, origin) => {
    logger.error({ origin, stack: error instanceof Error ? error.stack : undefined }, `Unforeseen error: ${sentenceOf(error)}`);
    endSoon(logger);
  });
}

async function drain(site: RunningSite, logger: ProcessLogger): Promise<void> {
  const timer = setTimeout(() => {
    logger.error({ withinMs: DRAIN_WITHIN_MS }, 'Draining took too long and was given up');
    endSoon(logger);
  }, DRAIN_WITHIN_MS);
  await site.drain();
  clearTimeout(timer);
}

/** Ends the process as failed, as soon as what was said is written. */
function endSoon(logger: ProcessLogger): void {
  const end = () => exitNow(EXIT.failed);
  setTimeout(end, LAST_WORDS_WITHIN_MS);
  void logger.written().then(end);
}
