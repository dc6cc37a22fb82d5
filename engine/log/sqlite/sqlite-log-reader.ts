import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Clock, SystemClock } from '../../clock.ts';
import { OcelliError } from '../../errors.ts';
import type { Progress } from '../../records/place-rule.ts';
import type { Topic } from '../../records/topic.ts';
import { Connection } from '../../sqlite/connection.ts';
import { checkVersion } from '../../sqlite/migrate.ts';
import { MIGRATIONS } from '../../sqlite/schema.ts';
import { checkReadRequest } from '../check-read-request.ts';
import type { Bounds, LogReader, Position, ReadRequest, ReadResult } from '../log.ts';
import { parsePage } from '../parse-page.ts';
import { refuseOtherPartition } from './only-partition.ts';
import { readBounds, readPage, readProgress, seekTime } from './read-topic.ts';

const POLL_MS = 100;
const BUSY_MS = 1_000;

/**
 * Opens the log for reading only, whether or not an engine runs on it: for `ocelli tail` and other programs beside it. Reads happen on
 * the calling thread. Throws CONFIG_INVALID when there is no such file, LOG_NEWER_VERSION, LOG_CORRUPT.
 */
export function openLogForReading(path: string, clock: Clock = new SystemClock()): LogReader {
  const file = resolve(path);
  if (!existsSync(file)) {
    throw new OcelliError('CONFIG_INVALID', `There is no log at ${file}. Expected the file that \`ocelli run\` writes; see \`log:\`.`, {
      path: file,
    });
  }
  const connection = new Connection(file, { readOnly: true, busyMs: BUSY_MS });
  try {
    checkReadable(connection);
    return new SqliteLogReader(connection, clock);
  } catch (error) {
    connection.close();
    throw error;
  }
}

function checkReadable(connection: Connection): void {
  const version = checkVersion(connection, MIGRATIONS.length);
  if (version === MIGRATIONS.length) return;
  const { path } = connection;
  const what = version === 0 ? 'it is empty' : `its schema is version ${version}, this Ocelli reads version ${MIGRATIONS.length}`;
  throw new OcelliError(
    'CONFIG_INVALID',
    `${path} cannot be read yet: ${what}. Start \`ocelli run\` on it once, which copies and upgrades it.`,
    {
      path,
      version,
    },
  );
}

class SqliteLogReader implements LogReader {
  readonly partitions = 1;
  private readonly connection: Connection;
  private readonly clock: Clock;
  private readonly polls = new Set<() => void>();

  constructor(connection: Connection, clock: Clock) {
    this.connection = connection;
    this.clock = clock;
  }

  partitionOf(_camera: string): number {
    return 0;
  }

  async locate(_camera: string): Promise<number> {
    return 0;
  }

  async read<T extends Topic>(topic: T, partition: number, request: ReadRequest): Promise<ReadResult<T>> {
    refuseOtherPartition(topic, partition);
    checkReadRequest(request);
    return parsePage(topic, partition, readPage(this.connection, topic, request));
  }

  async bounds(topic: Topic, partition: number): Promise<Bounds> {
    refuseOtherPartition(topic, partition);
    return readBounds(this.connection, topic);
  }

  async seekTime(topic: Topic, partition: number, time: number, camera?: string): Promise<Position> {
    refuseOtherPartition(topic, partition);
    return seekTime(this.connection, topic, time, camera);
  }

  async progress(topic: Topic, partition: number): Promise<ReadonlyMap<string, Progress>> {
    refuseOtherPartition(topic, partition);
    return readProgress(this.connection, topic);
  }

  /** Another process writes, so this looks for a new end ten times a second. */
  onCommit(topic: Topic, partition: number, listener: () => void): () => void {
    refuseOtherPartition(topic, partition);
    let { end } = readBounds(this.connection, topic);
    const poll = () => {
      cancel = this.clock.after(POLL_MS, poll);
      const now = readBounds(this.connection, topic).end;
      if (now === end) return;
      end = now;
      listener();
    };
    let cancel = this.clock.after(POLL_MS, poll);
    const stop = () => {
      cancel();
      this.polls.delete(stop);
    };
    this.polls.add(stop);
    return stop;
  }

  async close(): Promise<void> {
    for (const stop of this.polls) stop();
    this.connection.close();
  }
}
