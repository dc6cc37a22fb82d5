import { OcelliError } from '../errors.ts';
import type { Place } from '../records/place.ts';
import type { Topic } from '../records/topic.ts';
import type { LogReader, Position } from './log.ts';
import { seekPlace } from './seek-place.ts';

/** Where to begin: the oldest record kept, the end, the first record at or after an event time, a position, or a place of a camera. */
export type StreamStart =
  | 'beginning'
  | 'now'
  | { readonly time: number }
  | { readonly position: Position }
  | { readonly camera: string; readonly place: Place };

/** The position where that is in a partition; the end of a partition that the place is not in. */
export async function positionOf(
  log: LogReader,
  topic: Topic,
  partition: number,
  start: StreamStart,
  camera: string | undefined,
): Promise<Position> {
  if (typeof start === 'object' && 'position' in start) return start.position;
  if (typeof start === 'object' && 'time' in start) return log.seekTime(topic, partition, start.time, camera);
  const bounds = await log.bounds(topic, partition);
  if (typeof start === 'string') return start === 'beginning' ? bounds.start : bounds.end;
  const home = (await log.locate(start.camera)) ?? partition;
  return partition === home ? seekPlace(log, topic, partition, bounds, start) : bounds.end;
}

const EXPECTED =
  'expected beginning, now, a time such as 2026-11-22T14:00:00Z or 1766400000123, or the id of a record such as dock-1/1766400000/88213';

/**
 * Reads `from` as people write it: `beginning`, `now`, a time (ISO 8601, or milliseconds since 1970), or the id of a record
 * (`camera/session/seq`), which stands for its place.
 * @throws OcelliError INPUT_INVALID
 */
export function readFrom(text: string): StreamStart {
  if (text === 'beginning' || text === 'now') return text;
  if (/^\d+$/.test(text)) return { time: Number(text) };
  const [, camera, session, seq] = /^([^/\s]+)\/(\d+)\/(\d+)(?:\/\d+)?$/.exec(text) ?? [];
  if (camera !== undefined) return { camera, place: { session: Number(session), seq: Number(seq) } };
  // Date.parse alone takes "dock-1/7" for a day in 2001.
  const time = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(time)) return { time };
  throw new OcelliError('INPUT_INVALID', `from is "${text}"; ${EXPECTED}`);
}
