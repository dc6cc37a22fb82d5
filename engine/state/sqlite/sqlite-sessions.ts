import type { Connection } from '../../sqlite/connection.ts';
import type { Database } from '../../sqlite/database.ts';
import type { RecordingSessionStart, Sessions } from '../sessions.ts';

interface SessionRow {
  readonly session: number;
  /** The fingerprint of a recording; null for a live camera. */
  readonly recording: string | null;
  readonly ended: number;
}

/** What the column `ended` says of a recording; see the states in `Sessions`. */
const OPEN = 0;
const ENDED = 1;
const CLOSED = 2;
const RESUMED = 3;

/** The sessions of the embedded deployment: one row a camera. See `Sessions`. */
export class SqliteSessions implements Sessions {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  beginLive(camera: string, nowMs: number): Promise<number> {
    const { connection } = this.database;
    return this.database.write(() => {
      const session = Math.max(lastSession(connection, camera) + 1, Math.floor(nowMs / 1_000));
      save(connection, camera, { session, recording: null, ended: OPEN });
      return session;
    });
  }

  beginRecording(camera: string, fingerprint: string): Promise<RecordingSessionStart> {
    const { connection } = this.database;
    return this.database.write(() => {
      const last = read(connection, camera);
      const same = last?.recording === fingerprint ? last : undefined;
      if (same !== undefined && same.ended !== CLOSED) return startOf(same);
      const next = { session: (last?.session ?? 0) + 1, recording: fingerprint, ended: same === undefined ? OPEN : RESUMED };
      save(connection, camera, next);
      return startOf(next);
    });
  }

  endRecording(camera: string, session: number): Promise<void> {
    return this.finish(camera, session, ENDED);
  }

  closeRecording(camera: string, session: number): Promise<void> {
    return this.finish(camera, session, CLOSED);
  }

  private finish(camera: string, session: number, how: typeof ENDED | typeof CLOSED): Promise<void> {
    const sql = 'UPDATE sessions SET ended = ? WHERE camera = ? AND session = ? AND recording IS NOT NULL AND ended IN (?, ?)';
    return this.database.write(() => this.database.connection.run(sql, how, camera, session, OPEN, RESUMED));
  }
}

function startOf({ session, ended }: SessionRow): RecordingSessionStart {
  return { session, ended: ended === ENDED, resumed: ended === RESUMED };
}

function read(connection: Connection, camera: string): SessionRow | undefined {
  return connection.get<SessionRow>('SELECT session, recording, ended FROM sessions WHERE camera = ?', camera);
}

function lastSession(connection: Connection, camera: string): number {
  return read(connection, camera)?.session ?? 0;
}

function save(connection: Connection, camera: string, { session, recording, ended }: SessionRow): void {
  connection.run('INSERT OR REPLACE INTO sessions VALUES (?, ?, ?, ?)', camera, session, recording, ended);
}
