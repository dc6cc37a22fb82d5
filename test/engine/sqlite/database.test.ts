import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { platform } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Connection } from '../../../engine/sqlite/connection.ts';
import { Database, type DatabaseOptions } from '../../../engine/sqlite/index.ts';
import { APPLICATION_ID, MIGRATIONS, type Migration } from '../../../engine/sqlite/schema.ts';
import { ManualClock } from '../../manual-clock.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const FAILING_DISK_WRITER = fileURLToPath(new URL('./failing-disk-writer.ts', import.meta.url));
const HOLDER = fileURLToPath(new URL('./database-holder.ts', import.meta.url));

function open(path: string, options?: DatabaseOptions): Database {
  const database = new Database(path, options);
  onTestFinished(() => database.close());
  return database;
}

/** What is in a file, as another program sees it. */
function inspect<T>(path: string, sql: string): T[] {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    return database.prepare(sql).all() as T[];
  } finally {
    database.close();
  }
}

function createDatabase(path: string): void {
  new Database(path).close();
}

describe('opening a database', () => {
  it('creates the file and the folders above it', () => {
    const path = join(temporaryFolder(), 'a/b/ocelli.db');
    open(path);
    expect(existsSync(path)).toBe(true);
  });

  it('writes ahead, vacuums in steps, and says whose file it is', () => {
    const path = join(temporaryFolder(), 'ocelli.db');
    const { connection } = open(path);
    expect(inspect(path, 'PRAGMA journal_mode')).toEqual([{ journal_mode: 'wal' }]);
    expect(connection.number('PRAGMA auto_vacuum')).toBe(2);
    expect(connection.number('PRAGMA synchronous')).toBe(1);
    expect(inspect(path, 'PRAGMA application_id')).toEqual([{ application_id: APPLICATION_ID }]);
  });

  it('syncs every commit when told to', () => {
    const { connection } = open(join(temporaryFolder(), 'ocelli.db'), { synchronous: 'FULL' });
    expect(connection.number('PRAGMA synchronous')).toBe(2);
  });

  it('takes an empty file as a new one', () => {
    const path = join(temporaryFolder(), 'ocelli.db');
    writeFileSync(path, '');
    open(path);
    expect(inspect(path, 'SELECT topic FROM topics')).toEqual([]);
  });

  it('refuses a file that is not a database, says what to do, and leaves it as it is', () => {
    const path = join(temporaryFolder(), 'ocelli.db');
    writeFileSync(path, 'junk '.repeat(1_000));
    expect(() => new Database(path)).toThrow(
      expect.objectContaining({
        code: 'LOG_CORRUPT',
        message: expect.stringMatching(/ocelli\.db is not a sound database.*move the file away/),
      }),
    );
    expect(readFileSync(path, 'utf8')).toBe('junk '.repeat(1_000));
  });

  it('refuses a truncated file', () => {
    const path = join(temporaryFolder(), 'ocelli.db');
    createDatabase(path);
    truncateSync(path, statSync(path).size / 2);
    expect(() => new Database(path)).toThrow(expect.objectContaining({ code: 'LOG_CORRUPT' }));
  });

  it('refuses the database of another program and leaves it as it is', () => {
    const path = join(temporaryFolder(), 'ocelli.db');
    const other = new DatabaseSync(path);
    other.exec('CREATE TABLE recipes (name TEXT)');
    other.close();
    const before = readFileSync(path);
    expect(() => new Database(path)).toThrow(
      expect.objectContaining({ code: 'LOG_CORRUPT', message: expect.stringContaining('another program') }),
    );
    expect(readFileSync(path)).toEqual(before);
  });

  it('refuses a path below a file, and a folder in the place of the file', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file'), '');
    mkdirSync(join(folder, 'folder'));
    for (const path of [join(folder, 'file/ocelli.db'), join(folder, 'folder')]) {
      expect(() => new Database(path)).toThrow(
        expect.objectContaining({ code: 'LOG_UNAVAILABLE', message: expect.stringContaining('cannot be opened for writing') }),
      );
    }
  });

  it('can be opened again after each refusal', () => {
    const path = join(temporaryFolder(), 'ocelli.db');
    writeFileSync(path, 'junk '.repeat(1_000));
    expect(() => new Database(path)).toThrow();
    writeFileSync(path, '');
    open(path);
  });
});

describe('a second process', () => {
  it('is refused, with the pid of the first', () => {
    const path = join(temporaryFolder(), 'ocelli.db');
    open(path);
    expect(() => new Database(path)).toThrow(
      expect.objectContaining({ code: 'LOG_IN_USE', message: expect.stringContaining(`in use by process ${process.pid}`) }),
    );
  });

  it('is refused while another process lives, and let in when that one was killed', async () => {
    const path = join(temporaryFolder(), 'ocelli.db');
    const holder = spawn(process.execPath, [HOLDER, path], { stdio: ['ignore', 'pipe', 'inherit'] });
    onTestFinished(() => void holder.kill('SIGKILL'));
    await once(holder.stdout, 'data');
    expect(() => new Database(path)).toThrow(expect.objectContaining({ code: 'LOG_IN_USE', context: { path, pid: holder.pid } }));
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    open(path);
  });

  it('is one of many that start at once: exactly one gets the database', async () => {
    const path = join(temporaryFolder(), 'ocelli.db');
    const holders = Array.from({ length: 4 }, () => spawn(process.execPath, [HOLDER, path], { stdio: ['ignore', 'pipe', 'pipe'] }));
    onTestFinished(() => holders.forEach((holder) => void holder.kill('SIGKILL')));
    const told = await Promise.all(
      holders.map(async (holder) => String(await Promise.race([once(holder.stdout, 'data'), once(holder.stderr, 'data')]))),
    );
    expect(
      told.map((line) => (line.startsWith('holding') ? 'holding' : line.match(/in use by (another )?process/)?.[0])).toSorted(),
    ).toEqual(['holding', ...Array.from({ length: 3 }, () => 'in use by process')]);
  });

  it('is let in when the first one closed', () => {
    const path = join(temporaryFolder(), 'ocelli.db');
    createDatabase(path);
    open(path);
  });
});

describe('the version of the schema', () => {
  const addColumn: Migration = (connection) => connection.exec('ALTER TABLE sessions ADD COLUMN note TEXT');
  const breakDown: Migration = (connection) => connection.exec('ALTER TABLE sessions ADD COLUMN lost TEXT; CREATE TABLE topics (x)');
  const newest = MIGRATIONS.length;

  const withSession = (): string => {
    const path = join(temporaryFolder(), 'ocelli.db');
    const database = new Database(path);
    database.connection.run(`INSERT INTO sessions VALUES ('dock-1', 7, NULL, 0)`);
    database.close();
    return path;
  };

  it('is raised step by step, with what the file holds, after a copy was made', () => {
    const path = withSession();
    open(path, { migrations: [...MIGRATIONS, addColumn] });
    expect(inspect(path, 'SELECT camera, session, note FROM sessions')).toEqual([{ camera: 'dock-1', session: 7, note: null }]);
    expect(inspect(path, 'PRAGMA user_version')).toEqual([{ user_version: newest + 1 }]);
    const copy = `${path}.v${newest}.bak`;
    expect(inspect(copy, 'PRAGMA user_version')).toEqual([{ user_version: newest }]);
    expect(inspect(copy, 'SELECT camera, session FROM sessions')).toEqual([{ camera: 'dock-1', session: 7 }]);
  });

  it('stays when a step fails, and nothing of the steps before it is left', () => {
    const path = withSession();
    expect(() => new Database(path, { migrations: [...MIGRATIONS, addColumn, breakDown] })).toThrow('topics');
    expect(inspect(path, 'PRAGMA user_version')).toEqual([{ user_version: newest }]);
    expect(inspect(path, 'SELECT * FROM sessions')).toEqual([{ camera: 'dock-1', session: 7, recording: null, ended: 0 }]);
  });

  it('can be raised although a copy of an earlier attempt is there', () => {
    const path = withSession();
    expect(() => new Database(path, { migrations: [...MIGRATIONS, breakDown] })).toThrow();
    open(path, { migrations: [...MIGRATIONS, addColumn] });
    expect(inspect(path, 'PRAGMA user_version')).toEqual([{ user_version: newest + 1 }]);
  });

  it('is refused when it is newer than this Ocelli, and the file stays as it is', () => {
    const path = withSession();
    new Database(path, { migrations: [...MIGRATIONS, addColumn] }).close();
    const before = readFileSync(path);
    expect(() => new Database(path)).toThrow(
      expect.objectContaining({
        code: 'LOG_NEWER_VERSION',
        context: { path, version: newest + 1, newest },
        message: expect.stringContaining('.bak'),
      }),
    );
    expect(readFileSync(path)).toEqual(before);
  });

  it('makes no copy of a new file', () => {
    const folder = temporaryFolder();
    open(join(folder, 'ocelli.db'), { migrations: [...MIGRATIONS, addColumn] });
    expect(readdirSync(folder).filter((name) => name.endsWith('.bak'))).toEqual([]);
  });
});

describe('a database that cannot be used right now', () => {
  it('is unavailable, not corrupt, when it may not be written', () => {
    const path = join(temporaryFolder(), 'ocelli.db');
    createDatabase(path);
    const reader = new Connection(path, { readOnly: true });
    onTestFinished(() => reader.close());
    expect(() => reader.exec('DELETE FROM topics')).toThrow(
      expect.objectContaining({ code: 'LOG_UNAVAILABLE', message: expect.stringMatching(/readonly.*mounted read-only/) }),
    );
  });

  it.runIf(platform() === 'linux')(
    'is unavailable when its disk fails, keeps what it acknowledged, and goes on when the disk is back',
    () => {
      const path = join(temporaryFolder(), 'ocelli.db');
      const { stdout, stderr } = spawnSync('prlimit', ['--fsize=1000000:unlimited', process.execPath, FAILING_DISK_WRITER, path], {
        encoding: 'utf8',
      });
      expect(stderr).toBe('');
      const { acknowledged, failure, afterwards } = JSON.parse(stdout);
      expect(acknowledged).toBeGreaterThan(10);
      expect(failure).toEqual({
        code: 'LOG_UNAVAILABLE',
        fate: 'retry',
        message: expect.stringMatching(/disk I\/O error.*goes on when the disk/),
      });
      expect(afterwards).toEqual({ end: acknowledged + 1, check: { integrity_check: 'ok' } });
    },
  );
});

describe('writing', () => {
  const locked = () => {
    const path = join(temporaryFolder(), 'ocelli.db');
    const clock = new ManualClock();
    const database = open(path, { clock });
    const other = new DatabaseSync(path);
    other.exec('BEGIN IMMEDIATE');
    onTestFinished(() => other.close());
    return { clock, database, other };
  };
  const insert = (database: Database) => () => database.connection.run(`INSERT INTO sessions VALUES ('dock-1', 1, NULL, 0)`);

  it('waits without blocking while another connection writes, then goes on', async () => {
    const { clock, database, other } = locked();
    let done = false;
    const writing = database.write(insert(database)).then(() => {
      done = true;
    });
    for (let turn = 0; turn < 20; turn++) {
      clock.advance(1);
      await Promise.resolve();
    }
    expect(done).toBe(false);
    other.exec('COMMIT');
    clock.advance(1);
    await writing;
    expect(database.connection.number('SELECT count(*) FROM sessions')).toBe(1);
  });

  it('gives up after ten seconds', async () => {
    const { clock, database } = locked();
    const writing = expect(database.write(insert(database))).rejects.toMatchObject({
      code: 'LOG_UNAVAILABLE',
      message: expect.stringContaining('locked for writing'),
    });
    clock.advance(10_000);
    await writing;
  });

  it('is all or nothing', async () => {
    const database = open(join(temporaryFolder(), 'ocelli.db'));
    const failing = database.write(() => {
      insert(database)();
      throw new Error('half-way');
    });
    await expect(failing).rejects.toThrow('half-way');
    expect(database.connection.number('SELECT count(*) FROM sessions')).toBe(0);
  });

  it('can be copied meanwhile, into a database of its own', async () => {
    const folder = temporaryFolder();
    const database = open(join(folder, 'ocelli.db'));
    await database.write(insert(database));
    database.connection.run('VACUUM INTO ?', join(folder, 'copy.db'));
    expect(open(join(folder, 'copy.db')).connection.number('SELECT count(*) FROM sessions')).toBe(1);
  });
});
