import { readFileSync } from 'node:fs';
import { OcelliError } from '../errors.ts';
import type { Configuration } from './configuration.ts';
import { inspectConfiguration, type ReadOptions } from './inspect-configuration.ts';
import { describeProblem, type Problem } from './problem.ts';

export type { ReadOptions } from './inspect-configuration.ts';

/**
 * Reads and checks a configuration file. All problems are told at once, each with file, line and column.
 * @throws OcelliError CONFIG_NOT_FOUND, CONFIG_INVALID (context: `problems`)
 */
export function readConfiguration(file: string, options: ReadOptions = {}): Configuration {
  return parseConfiguration(readText(file), file, options);
}

/** As `readConfiguration`, from a text. `file` is where the problems are said to stand. */
export function parseConfiguration(text: string, file: string, options: ReadOptions = {}): Configuration {
  const { problems, configuration } = inspectConfiguration(text, file, options);
  refuseProblems(problems);
  return configuration as Configuration;
}

/** @throws OcelliError CONFIG_INVALID (context: `problems`), with a line for each; unless there are none */
export function refuseProblems(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new OcelliError('CONFIG_INVALID', problems.map(describeProblem).join('\n'), { problems });
}

/** The text of a file. @throws OcelliError CONFIG_NOT_FOUND (context: `reason`, the code of the system), CONFIG_INVALID */
export function readText(file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
  } catch (cause) {
    throw new OcelliError(...unreadable(file, cause));
  }
}

function unreadable(file: string, cause: unknown): ConstructorParameters<typeof OcelliError> {
  const code = (cause as NodeJS.ErrnoException).code;
  if (code === 'ENOENT')
    return [
      'CONFIG_NOT_FOUND',
      `There is no configuration file ${file}. Begin one with "ocelli add <url>", or try "ocelli demo".`,
      { file, reason: code },
    ];
  if (code === 'EISDIR')
    return ['CONFIG_NOT_FOUND', `${file} is a folder; expected a configuration file such as ${file}/ocelli.yaml.`, { file }];
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return ['CONFIG_INVALID', `${file} is not UTF-8 text. Save it as UTF-8.`, { file }];
  return ['CONFIG_NOT_FOUND', `${file} cannot be read: ${(cause as Error).message}`, { file, cause }];
}
