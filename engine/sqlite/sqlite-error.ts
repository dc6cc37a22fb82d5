import { OcelliError } from '../errors.ts';

/** Primary result codes of SQLite, https://www.sqlite.org/rescode.html */
const PERM = 3;
const BUSY = 5;
const LOCKED = 6;
const READONLY = 8;
const CORRUPT = 11;
const FULL = 13;
const CANTOPEN = 14;
const NOTADB = 26;

interface SqliteFailure extends Error {
  readonly errcode: number;
  readonly errstr: string;
}

function isSqliteFailure(error: unknown): error is SqliteFailure {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number';
}

/** Turns a failure of SQLite into an error of ours, so that no vendor error leaves this folder. Anything else comes back as it is. */
export function sqliteError(error: unknown, path: string): unknown {
  if (!isSqliteFailure(error)) return error;
  const facts = { cause: error, path };
  switch (error.errcode & 0xff) {
    case FULL:
      return new OcelliError('LOG_FULL', fullSentence(path), facts);
    case BUSY:
    case LOCKED:
      return new OcelliError('LOG_IN_USE', `${path} is locked for writing by another program. Close what has it open for writing.`, facts);
    case CORRUPT:
    case NOTADB:
      return new OcelliError('LOG_CORRUPT', corruptSentence(path, error.message), facts);
    case PERM:
    case READONLY:
    case CANTOPEN:
      return new OcelliError('CONFIG_INVALID', unwritableSentence(path, error.message), facts);
    default:
      return new OcelliError('LOG_CORRUPT', unusableSentence(path, error.message), facts);
  }
}

function fullSentence(path: string): string {
  return `There is no room to write ${path}. Free space on its disk or lower the size limit of the log; what was acknowledged is safe, and writing goes on when there is room.`;
}

function unusableSentence(path: string, what: string): string {
  return `${path} cannot be read or written: ${what}. Check its disk and file system, and that no other program has changed it.`;
}

export function corruptSentence(path: string, what: string): string {
  return `${path} is not a sound database of Ocelli: ${what}. Stop Ocelli and move the file away to begin with an empty one, or rescue what is readable with: sqlite3 ${path} .recover`;
}

export function unwritableSentence(path: string, what: string): string {
  return `${path} cannot be opened for writing: ${what}. Expected a path in a folder that this user may write; choose another one in \`log:\` and \`state:\`.`;
}
