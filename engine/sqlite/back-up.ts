import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { OcelliError } from '../errors.ts';
import { Connection } from './connection.ts';
import { checkVersion } from './migrate.ts';
import { MIGRATIONS } from './schema.ts';
import { corruptSentence } from './sqlite-error.ts';

/** How long a writer may be in the way of beginning. */
const BUSY_MS = 5_000;

/**
 * Copies a database as of one moment into a new file, also while a process writes it: everything that was committed by then, log and state
 * together. The copy is checked, on the disk, and has its name only when it is whole. Blocks this thread; meanwhile the write-ahead log of
 * the original cannot begin anew.
 * @returns its size in bytes
 * @throws INPUT_INVALID when there is nothing to copy or something stands where the copy should; LOG_FULL, LOG_CORRUPT, LOG_UNAVAILABLE
 */
export function backUp(path: string, target: string): number {
  const [from, to] = [resolve(path), resolve(target)];
  refuse(from, to);
  const unfinished = `${to}.part`;
  rmSync(unfinished, { force: true });
  try {
    copy(from, unfinished);
    check(unfinished);
    renameSync(unfinished, to);
    return statSync(to).size;
  } catch (error) {
    throw withTarget(error, to);
  } finally {
    rmSync(unfinished, { force: true });
  }
}

function refuse(from: string, to: string): void {
  const said = (sentence: string) => new OcelliError('INPUT_INVALID', sentence, { path: from, target: to });
  if (!existsSync(from)) throw said(`There is nothing to back up at ${from}. Expected the file that \`ocelli run\` writes; see \`log:\`.`);
  if (existsSync(to)) throw said(`${to} is there already, and a backup overwrites nothing. Choose another name, or move it away.`);
  if (!existsSync(dirname(to))) throw said(`There is no folder ${dirname(to)} for the backup. Make it first, or choose another one.`);
}

function copy(from: string, to: string): void {
  const connection = new Connection(from, { readOnly: true, busyMs: BUSY_MS });
  try {
    checkVersion(connection, MIGRATIONS.length);
    connection.run('VACUUM INTO ?', to);
  } finally {
    connection.close();
  }
}

function check(path: string): void {
  const connection = new Connection(path, { readOnly: true });
  try {
    const { quick_check: found } = connection.get<{ quick_check: string }>('PRAGMA quick_check') ?? { quick_check: 'nothing' };
    if (found !== 'ok') throw new OcelliError('LOG_CORRUPT', corruptSentence(path, found), { path });
  } finally {
    connection.close();
  }
  const file = openSync(path, 'r+');
  fsyncSync(file);
  closeSync(file);
}

/** SQLite's sentences are about the file that is read. */
function withTarget(error: unknown, target: string): unknown {
  if (!(error instanceof OcelliError) || (error.code !== 'LOG_FULL' && error.code !== 'LOG_UNAVAILABLE')) return error;
  const sentence = error.code === 'LOG_FULL' ? 'there is no room. Free space on its disk, or choose another one.' : error.message;
  return new OcelliError(error.code, `The backup ${target} could not be made: ${sentence}`, { cause: error, target });
}
