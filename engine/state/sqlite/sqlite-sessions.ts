import type { Connection } from '../../sqlite/connection.ts';
import type { Database } from '../../sqlite/database.ts';
import type { Sessions } from '../sessions.ts';

interface SessionRow {
  readonly session: number;
  /** The fingerprint of a recording; null for a live camera. */
  readonly recording: string | null;
  readonly ended: number;
}

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
      save(connection, camera, { session, recording: null, ended: 0 });
      return session;
    });
  }

  beginRecording(camera: string, fingerprint: string): Promise<{ readonly session: number; readonly ended: boolean }> {
    const { connection } = this.database;
    return this.database.write(() => {
      const last = read(connection, camera);
      if (last?.recording === fingerprint) return { session: last.session, ended: last.ended === 1 };
      const session = lastSession(connection, camera) + 1;
      save(connection, camera, { session, recording: fingerprint, ended: 0 });
      return { session, ended: false };
    });
  }

  endRecording(camera: string, session: number): Promise<void> {
    const { connection } = this.database;
    return this.database.write(() =>
      connection.run('UPDATE sessions SET ended = 1 WHERE camera = ? AND session = ? AND recording IS NOT NULL', camera, session),
    );
  }
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
