import type { Clock } from '../../../clock.ts';
import type { Tenure } from '../../tenure.ts';

/** What a member does with its partitions. */
export interface PartitionWork {
  begin(tenure: Tenure): void;
  /** The partition goes to somebody else: finish what is in hand. Never rejects. Not called for one that is lost. */
  end(partition: number): Promise<void>;
}

export interface TenuresOptions {
  readonly clock: Clock;
  /** After so long without an answer the group gives a member up. */
  readonly sessionTimeoutMs: number;
  readonly work: PartitionWork;
  /** The work on a partition that goes to somebody else is finished. */
  readonly onEnded: () => void;
  /** No answer for so long that others may have the partitions. */
  readonly onOver: () => void;
}

/** Somebody wants to know whether a tenure still holds, by an answer to what is sent from now on. */
interface Asking {
  readonly tenure: AbortController;
  readonly sinceMs: number;
  readonly resolve: (holds: boolean) => void;
}

/**
 * The partitions that a member has, and until when. A tenure ends by itself when the group was not heard of for a session: counted by
 * the monotonic clock from before each request was sent, so always earlier than the broker does.
 */
export class PartitionTenures {
  private readonly options: TenuresOptions;
  private readonly held = new Map<number, AbortController>();
  private readonly ending = new Map<number, Promise<void>>();
  private readonly asking = new Set<Asking>();
  private untilMs = 0;
  private cancelDeadline = () => {};

  constructor(options: TenuresOptions) {
    this.options = options;
  }

  /** Also those whose work is being ended. */
  get owned(): number[] {
    return [...this.held.keys()];
  }

  /** The group answered a request that was sent at this moment. */
  heard(askedMs: number): void {
    this.trustUntil(askedMs + this.options.sessionTimeoutMs);
    for (const one of this.asking) if (one.sinceMs <= askedMs) this.answer(one);
  }

  /** A join is answered when everybody has joined or was given up: the group knows of us as long, and answers a session later at most. */
  joining(): void {
    if (this.held.size > 0) this.trustUntil(this.options.clock.monotonic() + 2 * this.options.sessionTimeoutMs);
    else this.cancelDeadline();
  }

  /** Begins and ends work, so that it is that on these partitions. */
  change(assigned: readonly number[]): void {
    for (const partition of this.owned) if (!assigned.includes(partition)) this.end(partition);
    for (const partition of assigned) if (!this.held.has(partition)) this.begin(partition);
  }

  /** Nothing more is saved. @returns whether there was anything */
  loseAll(): boolean {
    const lost = [...this.held.values()];
    this.held.clear();
    this.cancelDeadline();
    for (const tenure of lost) tenure.abort();
    for (const one of this.asking) this.answer(one);
    return lost.length > 0;
  }

  async endAll(): Promise<void> {
    for (const partition of this.owned) this.end(partition);
    await this.allEnded();
    this.cancelDeadline();
  }

  /** Resolves when no work is being ended. */
  async allEnded(): Promise<void> {
    await Promise.all(this.ending.values());
  }

  private begin(partition: number): void {
    const { clock, work } = this.options;
    const tenure = new AbortController();
    this.held.set(partition, tenure);
    work.begin({
      partition,
      lost: tenure.signal,
      holds: () => !tenure.signal.aborted && clock.monotonic() < this.untilMs,
      confirmed: () => this.confirm(tenure),
    });
  }

  private confirm(tenure: AbortController): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const one = { tenure, resolve, sinceMs: this.options.clock.monotonic() };
    if (tenure.signal.aborted) resolve(false);
    else this.asking.add(one);
    return promise;
  }

  private answer(one: Asking): void {
    this.asking.delete(one);
    one.resolve([...this.held.values()].includes(one.tenure));
  }

  private end(partition: number): void {
    if (this.ending.has(partition)) return;
    const tenure = this.held.get(partition);
    const ended = this.options.work.end(partition).then(() => {
      this.ending.delete(partition);
      if (this.held.get(partition) === tenure) this.held.delete(partition);
      if (this.ending.size === 0) this.options.onEnded();
    });
    this.ending.set(partition, ended);
  }

  private trustUntil(untilMs: number): void {
    this.untilMs = untilMs;
    this.cancelDeadline();
    this.cancelDeadline = this.options.clock.after(untilMs - this.options.clock.monotonic(), this.options.onOver);
  }
}
