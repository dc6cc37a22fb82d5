import type { Progress } from '../../records/place-rule.ts';
import { Bisection } from '../bisection.ts';
import type { Bounds, Position } from '../log.ts';
import { readStored, type StoredPage, type StoredRecord } from './read-partition.ts';
import type { PartitionName, Requests } from './requests.ts';

/** A probe reads about so much; with fewer cameras than that holds records, one is enough. */
const PROBE_BYTES = 128 * 1024;

/**
 * Position of the first record, of one of the cameras, that reaches at least an event time; the end if there is none. Bisects the
 * positions of each camera, whose time never falls; Kafka's own time stamps say when a record was written and are of no help. Pages are
 * kept for the search, since cameras that share a partition are looked for in the same places.
 *
 * A camera that wrote nothing for long costs reading what others wrote since, at most the partition once.
 */
export async function seekTime(
  requests: Requests,
  name: PartitionName,
  { start, end }: Bounds,
  time: number,
  cameras: Iterable<readonly [camera: string, reach: Progress]>,
): Promise<Position> {
  const scanner = new Scanner(requests, name);
  let first = end;
  for (const [camera, reach] of cameras) {
    if (reach.time >= time) first = await seekTimeOf(scanner, camera, time, { start, end: first });
  }
  return first;
}

async function seekTimeOf(scanner: Scanner, camera: string, time: number, bounds: Bounds): Promise<Position> {
  const search = new Bisection(bounds);
  for (let middle = search.middle; middle !== undefined; middle = search.middle) {
    const record = await scanner.firstOf(camera, middle, search.below);
    search.take(record?.position, record === undefined || reachOf(record) >= time);
  }
  return search.found;
}

/** The event time that a record reaches: of a gap its end. 0 for what is no record. */
function reachOf({ body }: StoredRecord): number {
  try {
    const { time = 0, until = time } = JSON.parse(body.toString()) as { time?: number; until?: number };
    return until;
  } catch (error) {
    if (error instanceof SyntaxError) return 0;
    throw error;
  }
}

/** Looks for records forward, and remembers the pages that it read. */
class Scanner {
  private readonly requests: Requests;
  private readonly name: PartitionName;
  private readonly pages: (StoredPage & { readonly from: Position })[] = [];

  constructor(requests: Requests, name: PartitionName) {
    this.requests = requests;
    this.name = name;
  }

  /** The first record of a camera at or after `from` and before `below`. */
  async firstOf(camera: string, from: Position, below: Position): Promise<StoredRecord | undefined> {
    for (let position = from; position < below; ) {
      const page = await this.page(position);
      const found = page.records.find((record) => record.camera === camera && record.position >= position);
      if (found !== undefined) return found.position < below ? found : undefined;
      if (page.next <= position) return undefined;
      position = page.next;
    }
    return undefined;
  }

  private async page(position: Position): Promise<StoredPage> {
    const known = this.pages.find(({ from, next }) => from <= position && position < next);
    if (known !== undefined) return known;
    const page = await readStored(this.requests, this.name, position, PROBE_BYTES);
    this.pages.push({ ...page, from: position });
    return page;
  }
}
