import type { Log, Position } from '../../log/log.ts';
import { firstPlace } from '../../records/place.ts';
import type { Progress } from '../../records/place-rule.ts';
import type { StreamRecord } from '../../records/record.ts';
import type { Topic } from '../../records/topic.ts';

/**
 * What a task found when it began on a topic whose first records retention had already taken: where the topic ended, and how far each
 * camera had come. Tells a hole from what retention took, for cameras that the task has no state of.
 */
export interface Beginning {
  readonly end: Position;
  readonly reach: ReadonlyMap<string, Progress>;
}

/** A beginning at the very first record: nothing was there before, so every hole is one. */
export const FROM_THE_FIRST: Beginning = { end: 0, reach: new Map() };

/** Read once, by a task that has never committed. `reach` first: a record that comes in between counts as one that was there. */
export async function readBeginning(log: Log, topic: Topic, partition: number): Promise<{ start: Position; beginning: Beginning }> {
  const reach = new Map(await log.progress(topic, partition));
  const { start, end } = await log.bounds(topic, partition);
  return { start, beginning: start === 0 ? FROM_THE_FIRST : { end, reach } };
}

/**
 * What to take as known before the first record that a task sees of a camera. Where retention may have taken what came before it, the
 * record counts as the next one; later, the camera had either no record at all or exactly those up to its reach.
 */
export function knownBefore(record: StreamRecord, position: Position, { end, reach }: Beginning): Progress | undefined {
  if (position >= end) return reach.get(record.camera);
  const { session, seq } = firstPlace(record);
  return { session, seq: seq - 1, time: record.time };
}
