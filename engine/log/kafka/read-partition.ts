import type { Position } from '../log.ts';
import type { RawPartition } from './kafkajs-door.ts';
import type { PartitionName, Requests } from './requests.ts';

/** A record as the broker gave it: whose it is can be seen without reading it. */
export interface StoredRecord {
  readonly position: Position;
  readonly camera: string;
  readonly body: Buffer;
}

/** Some records in order, and what the answer said of the partition. */
export interface StoredPage {
  readonly records: readonly StoredRecord[];
  /** Where to go on; the end when nothing is left. */
  readonly next: Position;
  readonly start: Position;
  readonly end: Position;
}

/** Committed records from a position on, about `maxBytes` of them. Throws OutOfRange. */
export async function readStored(requests: Requests, name: PartitionName, from: Position, maxBytes: number): Promise<StoredPage> {
  return storedPage(await requests.fetch(name, from, { maxBytes }), from);
}

/** A batch comes as a whole: what stands in it before `from` is left out, and so is what the broker writes for itself. */
function storedPage({ messages, highWatermark, lastStartOffset }: RawPartition, from: Position): StoredPage {
  const end = Number(highWatermark);
  const last = messages.at(-1);
  const records = messages.flatMap(({ offset, key, value, isControlRecord }) => {
    const position = Number(offset);
    if (position < from || isControlRecord) return [];
    return [{ position, camera: key?.toString() ?? '', body: value ?? Buffer.alloc(0) }];
  });
  const next = last === undefined ? end : Math.max(from, Number(last.offset) + 1);
  return { records, next: Math.max(from, next), start: Number(lastStartOffset ?? 0), end };
}
