import { OcelliError } from '../errors.ts';
import { comparePlaces, lastPlace, type Place } from '../records/place.ts';
import type { RecordOf, Topic } from '../records/topic.ts';
import type { Bounds, Entry, LogReader, Position } from './log.ts';

/** Records a page: what is read ahead of a slow reader, and no more. */
const PAGE = 256;

/** Where to begin: the oldest record kept, the end, the first record at or after an event time, a position, or a place of a camera. */
export type From =
  | 'beginning'
  | 'now'
  | { readonly time: number }
  | { readonly position: Position }
  | { readonly camera: string; readonly place: Place };

export interface StreamRequest {
  readonly camera?: string | undefined;
  readonly from: From;
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
  const partitions = await partitionsOf(log, request.camera);
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
  const { start, end } = await log.bounds(topic, partition);
  const position = await startOf(log, topic, partition, from, camera, { start, end });
  return { partition, position };
}

async function startOf(
  log: LogReader,
  topic: Topic,
  partition: number,
  from: From,
  camera: string | undefined,
  { start, end }: Bounds,
): Promise<Position> {
  if (from === 'beginning') return start;
  if (from === 'now') return end;
  if ('time' in from) return log.seekTime(topic, partition, from.time, camera);
  if ('position' in from) return from.position;
  const home = (await log.locate(from.camera)) ?? partition;
  return partition === home ? seekPlace(log, topic, partition, from, { start, end }) : end;
}

/** Position of the first record of a camera that reaches a place, or the end. Bisects, since a camera's records stand in the order of places. */
async function seekPlace(
  log: LogReader,
  topic: Topic,
  partition: number,
  { camera, place }: { camera: string; place: Place },
  { start, end }: Bounds,
): Promise<Position> {
  let [low, high, found] = [start, end, end];
  while (low < high) {
    const middle = low + Math.floor((high - low) / 2);
    const entry = await firstFrom(log, topic, partition, camera, middle);
    if (entry === undefined || comparePlaces(lastPlace(entry.record), place) >= 0) {
      found = entry?.position ?? found;
      high = middle;
    } else {
      low = entry.position + 1;
    }
  }
  return found;
}

async function firstFrom(log: LogReader, topic: Topic, partition: number, camera: string, position: Position): Promise<Entry | undefined> {
  for (let from = position; ; ) {
    const { entries, next } = await log.read(topic, partition, { from, limit: 1, camera });
    if (entries.length > 0 || next === from) return entries[0];
    from = next;
  }
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

/**
 * Reads `from` as people write it: `beginning`, `now`, a time (ISO 8601, or milliseconds since 1970), or the id of a record
 * (`camera/session/seq`), which stands for the time of its place.
 * @throws OcelliError INPUT_INVALID
 */
export function readFrom(text: string): From {
  if (text === 'beginning' || text === 'now') return text;
  if (/^\d+$/.test(text)) return { time: Number(text) };
  const [, camera, session, seq] = /^([^/\s]+)\/(\d+)\/(\d+)(?:\/\d+)?$/.exec(text) ?? [];
  if (camera !== undefined) return { camera, place: { session: Number(session), seq: Number(seq) } };
  // Date.parse alone takes "dock-1/7" for a day in 2001.
  const time = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(time)) return { time };
  throw new OcelliError('INPUT_INVALID', `from is "${text}"; ${EXPECTED_FROM}`);
}

const EXPECTED_FROM =
  'expected beginning, now, a time such as 2026-11-22T14:00:00Z or 1766400000123, or the id of a record such as dock-1/1766400000/88213';
