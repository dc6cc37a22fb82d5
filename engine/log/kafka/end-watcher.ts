import { type Clock, pause } from '../../clock.ts';
import type { Position } from '../log.ts';
import { fetchRequest, type PartitionName, type Requests } from './requests.ts';

/** A broker holds a fetch back so long when nothing comes; a newly watched partition waits as long to be looked at. */
const WAIT_MS = 200;
const PAUSE_MS = 500;
/** One batch is enough to see that the end moved. */
const FETCH_BYTES = 1;

type WatchRequests = Pick<Requests, 'leaderOf' | 'broker' | 'end' | 'close'>;

/** What is watched: knows an end, and wants to hear of a later one. */
export interface Watched {
  readonly name: PartitionName;
  readonly end: Position | undefined;
  learnEnd(end: Position): void;
}

/**
 * Hears of records that other processes write, by fetches that the broker answers when something comes: one at a time to each broker,
 * over connections of their own, since a broker answers the requests of a connection one after another.
 *
 *   idle ──first is watched──▶ watching (a loop for each leading broker) ──nobody is watched──▶ idle
 *                                 └─ a request failed: pause, ask anew who leads ─┘
 */
export class EndWatcher {
  private readonly requests: WatchRequests;
  private readonly clock: Clock;
  private readonly watched = new Map<Watched, number>();
  private readonly loops = new Map<string, Promise<void>>();
  private closed = false;
  private stale = false;

  /** `requests` over connections that nobody else uses. */
  constructor(requests: WatchRequests, clock: Clock) {
    this.requests = requests;
    this.clock = clock;
  }

  watch(partition: Watched): () => void {
    this.watched.set(partition, (this.watched.get(partition) ?? 0) + 1);
    this.start();
    return () => this.unwatch(partition);
  }

  async close(): Promise<void> {
    this.closed = true;
    this.watched.clear();
    await Promise.all(this.loops.values());
    await this.requests.close();
  }

  private unwatch(partition: Watched): void {
    const left = (this.watched.get(partition) ?? 0) - 1;
    if (left > 0) this.watched.set(partition, left);
    else this.watched.delete(partition);
  }

  /** Sees to it that each broker that leads something watched has its loop. */
  private start(): void {
    if (!this.loops.has('')) this.loops.set('', this.startLoops());
  }

  private async startLoops(): Promise<void> {
    await Promise.resolve();
    try {
      this.startFor(await this.byLeader());
      this.loops.delete('');
    } catch (error) {
      await this.pauseAfter(error);
      this.loops.delete('');
      this.startIfNeeded();
    }
  }

  private startFor(byLeader: ReadonlyMap<string, unknown>): void {
    for (const leader of byLeader.keys()) if (!this.loops.has(leader)) this.loops.set(leader, this.loop(leader));
  }

  private async loop(leader: string): Promise<void> {
    try {
      while (!this.closed) {
        const byLeader = await this.byLeader();
        this.startFor(byLeader); // A partition may have come, or have moved to another broker, while the last look lasted.
        const mine = byLeader.get(leader);
        if (mine === undefined) break;
        await this.look(leader, mine);
      }
    } catch (error) {
      await this.pauseAfter(error);
    }
    this.loops.delete(leader);
    this.startIfNeeded();
  }

  private startIfNeeded(): void {
    if (!this.closed && this.watched.size > 0) this.start();
  }

  private async look(leader: string, mine: readonly Watched[]): Promise<void> {
    const wanted: { readonly name: PartitionName; readonly from: Position; readonly watched: Watched }[] = [];
    for (const watched of mine) wanted.push({ watched, name: watched.name, from: watched.end ?? (await this.firstEnd(watched)) });
    const broker = await this.requests.broker(leader);
    const { responses } = await broker.fetch(fetchRequest(wanted, FETCH_BYTES, WAIT_MS));
    for (const { topicName, partitions } of responses) {
      for (const { partition, highWatermark } of partitions) {
        const heard = wanted.find(({ name }) => name.topic === topicName && name.partition === partition);
        heard?.watched.learnEnd(Number(highWatermark));
      }
    }
  }

  /** Of a partition that nobody read: from here on. */
  private async firstEnd(watched: Watched): Promise<Position> {
    const end = await this.requests.end(watched.name);
    if (watched.end === undefined) watched.learnEnd(end);
    return watched.end ?? end;
  }

  private async byLeader(): Promise<Map<string, Watched[]>> {
    const groups = new Map<string, Watched[]>();
    for (const watched of this.watched.keys()) {
      const leader = await this.requests.leaderOf(watched.name, this.stale);
      this.stale = false;
      groups.set(leader, [...(groups.get(leader) ?? []), watched]);
    }
    return groups;
  }

  /** Whoever reads meets the error too and tells it; here it only has to pass. */
  private async pauseAfter(_error: unknown): Promise<void> {
    this.stale = true;
    if (!this.closed) await pause(this.clock, PAUSE_MS);
  }
}
