import { renameSync, rmSync } from 'node:fs';
import { OcelliError } from '../errors.ts';
import type { Connection } from './connection.ts';
import { APPLICATION_ID, type Migration } from './schema.ts';
import { corruptSentence } from './sqlite-error.ts';

/** Brings a file of a version to the newest schema, in one transaction. An older file is copied to `<path>.v<version>.bak` before. */
export function migrate(connection: Connection, migrations: readonly Migration[], version: number): void {
  if (version === migrations.length) return;
  if (version > 0) backUp(connection, version);
  connection.transaction(() => {
    for (const step of migrations.slice(version)) step(connection);
    connection.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${migrations.length}`);
  });
}

/**
 * The version of the file's schema, 0 for an empty file. Only reads. Throws LOG_NEWER_VERSION when this Ocelli knows versions up to
 * `newest` only, and LOG_CORRUPT for the database of another program.
 */
export function checkVersion(connection: Connection, newest: number): number {
  const { path } = connection;
  const version = connection.number('PRAGMA user_version');
  const ours = connection.number('PRAGMA application_id') === APPLICATION_ID;
  if (!ours && connection.number('SELECT count(*) FROM sqlite_schema') > 0) {
    throw new OcelliError('LOG_CORRUPT', corruptSentence(path, 'it is a SQLite database of another program'), { path });
  }
  if (version > newest) throw newerVersion(path, version, newest);
  return version;
}

function newerVersion(path: string, version: number, newest: number): OcelliError {
  return new OcelliError(
    'LOG_NEWER_VERSION',
    `${path} was written by a newer Ocelli: its schema is version ${version}, this Ocelli knows up to ${newest}. Use the newer Ocelli, or another file (a copy from before the upgrade may lie beside it as ${path}.v${newest}.bak).`,
    { path, version, newest },
  );
}

function backUp(connection: Connection, version: number): void {
  const target = `${connection.path}.v${version}.bak`;
  const unfinished = `${target}.part`;
  rmSync(unfinished, { force: true });
  connection.run('VACUUM INTO ?', unfinished);
  renameSync(unfinished, target);
}
