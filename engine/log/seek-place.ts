import { comparePlaces, lastPlace, type Place } from '../records/place.ts';
import type { Topic } from '../records/topic.ts';
import { Bisection } from './bisection.ts';
import type { Bounds, Entry, LogReader, Position } from './log.ts';

/** Position of the first record of a camera, in its partition, that reaches a place; the end of the bounds if none does. */
export async function seekPlace(
  log: LogReader,
  topic: Topic,
  partition: number,
  bounds: Bounds,
  { camera, place }: { readonly camera: string; readonly place: Place },
): Promise<Position> {
  const search = new Bisection(bounds);
  for (let middle = search.middle; middle !== undefined; middle = search.middle) {
    const entry = await firstFrom(log, topic, partition, camera, middle);
    search.take(entry?.position, entry === undefined || comparePlaces(lastPlace(entry.record), place) >= 0);
  }
  return search.found;
}

async function firstFrom(log: LogReader, topic: Topic, partition: number, camera: string, position: Position): Promise<Entry | undefined> {
  for (let from = position; ; ) {
    const { entries, next } = await log.read(topic, partition, { from, limit: 1, camera });
    if (entries.length > 0 || next === from) return entries[0];
    from = next;
  }
}
