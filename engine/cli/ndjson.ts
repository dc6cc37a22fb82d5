import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { OcelliError } from '../errors.ts';

/** The lines of a file, or of standard input for `-`; empty ones left out. */
export async function* readLines(file: string): AsyncGenerator<string> {
  const input = file === '-' ? process.stdin : createReadStream(file, 'utf8');
  try {
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) if (line.trim() !== '') yield line;
  } catch (cause) {
    throw new OcelliError('INPUT_INVALID', unreadable(file, cause as NodeJS.ErrnoException), { cause, file });
  }
}

function unreadable(file: string, { code, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT') return `There is no file ${file}.`;
  return code === 'EISDIR' ? `${file} is a folder; expected a file with one record a line.` : `${file} cannot be read: ${message}.`;
}

/** One record a line; what is no JSON becomes a value that no schema takes, so that it is told with its line. */
export async function* readRecords(file: string): AsyncGenerator<unknown> {
  for await (const line of readLines(file)) {
    try {
      yield JSON.parse(line);
    } catch {
      yield `it is no JSON: ${JSON.stringify(line.slice(0, 80))}`;
    }
  }
}
