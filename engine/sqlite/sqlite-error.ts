import { OcelliError } from '../errors.ts';

/** Primary result codes of SQLite, https://www.sqlite.org/rescode.html */
const PERM = 3;
const BUSY = 5;
const LOCKED = 6;
const READONLY = 8;
const IOERR = 10;
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

/**
 * Turns a failure of SQLite into an error of ours, so that no vendor error leaves this folder. Anything else comes back as it is. Only a
 * file that is damaged, or no database, is LOG_CORRUPT: everything else may pass, and is LOG_UNAVAILABLE.
 */
export function sqliteError(error: unknown, path: string): unknown {
  if (!isSqliteFailure(error)) return error;
  const facts = { cause: error, path };
  switch (error.errcode & 0xff) {
    case FULL:
      return new OcelliError('LOG_FULL', fullSentence(path), facts);
    case CORRUPT:
    case NOTADB:
      return new OcelliError('LOG_CORRUPT', corruptSentence(path, error.message), facts);
    default:
      return new OcelliError('LOG_UNAVAILABLE', unavailableSentence(error, path), facts);
  }
}

/** Another connection holds the write lock: trying again soon is of use. */
export function isBusy(error: unknown): boolean {
  if (!(error instanceof OcelliError) || !isSqliteFailure(error.cause)) return false;
  const code = error.cause.errcode & 0xff;
  return code === BUSY || code === LOCKED;
}

function unavailableSentence({ errcode, message }: SqliteFailure, path: string): string {
  switch (errcode & 0xff) {
    case BUSY:
    case LOCKED:
      return `${path} is locked for writing by another program. Close what has it open for writing; writing goes on then.`;
    case PERM:
    case CANTOPEN:
      return unwritableSentence(path, message);
    case READONLY:
      return `${path} cannot be written: ${message}. Expected a file and folder that this user may write, on a disk that is not mounted read-only; mend that, or choose another path in \`log:\` and \`state:\`.`;
    case IOERR:
      return `${path} cannot be read or written: ${message} (SQLite's code ${errcode}). Look at its disk and file system (cable, quota, network share); what was acknowledged is safe, and writing goes on when the disk answers again.`;
    default:
      return `${path} cannot be used right now: ${message} (SQLite's code ${errcode}). It is tried again; if this stays, check that no other program changes the file.`;
  }
}

function fullSentence(path: string): string {
  return `There is no room to write ${path}. Free space on its disk or lower the size limit of the log; what was acknowledged is safe, and writing goes on when there is room.`;
}

export function corruptSentence(path: string, what: string): string {
  return `${path} is not a sound database of Ocelli: ${what}. Stop Ocelli and move the file away to begin with an empty one, or rescue what is readable with: sqlite3 ${path} .recover`;
}

export function unwritableSentence(path: string, what: string): string {
  return `${path} cannot be opened for writing: ${what}. Expected a path in a folder that this user may write; choose another one in \`log:\` and \`state:\`.`;
}
