import type { RecordOf, Topic } from '../records/topic.ts';
import type { LogReader, Position } from './log.ts';
import { positionOf, type StreamStart } from './stream-start.ts';

/** Records a page: what is read ahead of a slow reader, and no more. */
const PAGE = 256;

export interface StreamRequest {
  readonly camera?: string | undefined;
  /** Only these partitions; without it and a camera all. */
  readonly partitions?: readonly number[] | undefined;
  readonly from: StreamStart;
  /** At most so many records; without it all that there are. */
  readonly limit?: number | undefined;
  /** Go on with records as they are committed, until a signal. */
  readonly follow: boolean;
  /** Ends the stream after the record that it is at. */
  readonly signal: AbortSignal;
  /** Ends following: what is committed by then is still read. */
  readonly closing?: AbortSignal | undefined;
}

/**
 * Committed records of a topic, one after another. Reads a page at a time, and only when the reader has taken the page before: a slow
 * reader costs one page of memory. Partitions come one after another; when following, as they are written. Resolves when the beginning
 * is found; throws LOG_POSITION_LOST, then or later, where retention has taken what should come next.
 */
export async function streamTopic<T extends Topic>(log: LogReader, topic: T, request: StreamRequest): Promise<AsyncGenerator<RecordOf<T>>> {
  const partitions = request.partitions ?? (await partitionsOf(log, request.camera));
  const cursors = await Promise.all(partitions.map((partition) => openCursor(log, topic, partition, request)));
  return follow(log, topic, request, cursors);
}

async function* follow<T extends Topic>(
  log: LogReader,
  topic: T,
  request: StreamRequest,
  cursors: readonly Cursor[],
): AsyncGenerator<RecordOf<T>> {
  const commits = new Commits(log, topic, cursors, [request.signal, request.closing]);
  let left = request.limit ?? Number.POSITIVE_INFINITY;
  try {
    while (left > 0 && !request.signal.aborted) {
      commits.forget();
      const isLast = !request.follow || request.closing?.aborted === true;
      let moved = false;
      for (const cursor of cursors) {
        if (left === 0) return;
        const before = cursor.position;
        for (const record of await readPage(log, topic, cursor, request.camera, Math.min(left, PAGE))) {
          yield record;
          left -= 1;
        }
        moved ||= cursor.position !== before;
      }
      if (!moved && isLast) return;
      if (!moved) await commits.next();
    }
  } finally {
    commits.end();
  }
}

/** Waits for the next commit in any of the partitions, or for one of the signals. */
class Commits {
  private happened = false;
  private wake = () => {};
  private readonly ends: (() => void)[];

  constructor(log: LogReader, topic: Topic, cursors: readonly Cursor[], signals: readonly (AbortSignal | undefined)[]) {
    const tell = () => {
      this.happened = true;
      this.wake();
    };
    this.ends = cursors.map(({ partition }) => log.onCommit(topic, partition, tell));
    for (const signal of signals) {
      signal?.addEventListener('abort', tell, { once: true });
      this.ends.push(() => signal?.removeEventListener('abort', tell));
    }
  }

  forget(): void {
    this.happened = false;
  }

  next(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
      if (this.happened) resolve();
    });
  }

  end(): void {
    for (const end of this.ends) end();
  }
}

interface Cursor {
  readonly partition: number;
  position: Position;
}

/** Where a camera's records are; all partitions for all cameras, and for one that has none yet. */
async function partitionsOf(log: LogReader, camera: string | undefined): Promise<number[]> {
  const only = camera === undefined ? undefined : await log.locate(camera);
  return only === undefined ? Array.from({ length: log.partitions }, (_, partition) => partition) : [only];
}

async function openCursor(log: LogReader, topic: Topic, partition: number, { from, camera }: StreamRequest): Promise<Cursor> {
  return { partition, position: await positionOf(log, topic, partition, from, camera) };
}

/** The next records; where retention has overtaken the reader it is told, never passed over. */
async function readPage<T extends Topic>(
  log: LogReader,
  topic: T,
  cursor: Cursor,
  camera: string | undefined,
  limit: number,
): Promise<RecordOf<T>[]> {
  const { entries, next } = await log.read(topic, cursor.partition, {
    from: cursor.position,
    limit,
    ...(camera === undefined ? {} : { camera }),
  });
  cursor.position = next;
  return entries.map(({ record }) => record);
}
