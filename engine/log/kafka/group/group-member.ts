import type { Clock } from '../../../clock.ts';
import { meaningOf } from '../kafka-error.ts';
import { assignPartitions } from './assign-partitions.ts';
import type { GroupCoordinator } from './group-coordinator.ts';
import { PartitionTenures, type PartitionWork } from './partition-tenures.ts';

export interface GroupMemberOptions {
  readonly coordinator: GroupCoordinator;
  readonly partitions: number;
  readonly sessionTimeoutMs: number;
  readonly clock: Clock;
  readonly work: PartitionWork;
  /** For sentences: the broker and the group. */
  readonly where: string;
  readonly observer?: GroupObserver;
}

/** Told of what becomes of a membership. */
export interface GroupObserver {
  /** The member has these partitions now. */
  assigned?(partitions: readonly number[], generation: number): void;
  /** The group has given this member up, or may have: it has no partitions any more, and joins anew. */
  lost?(): void;
  /** The broker does not answer; it is asked again. */
  trouble?(error: unknown): void;
}

/** A hand-over takes up to twice as long: until the others hear that a partition is wanted, and that it is free. */
const HEARTBEAT_MS = 500;
const PAUSE_MS = 250;
/** Answers that mean: the group goes on without this member. */
const GIVEN_UP = new Set(['UNKNOWN_MEMBER_ID', 'ILLEGAL_GENERATION', 'FENCED_INSTANCE_ID']);

/**
 * One process as a member of a consumer group, which shares out the partitions of a topic: nothing is read through it and no position
 * is committed. Partitions are kept while the group joins anew; only those that go to somebody else are ended, each with its work
 * finished, before anybody else gets them (see assignPartitions).
 *
 *   out ──▶ joining ──synced──▶ member ── heartbeat: others come or go ──────────────▶ joining
 *              ▲                  ├── has less than before: ends the rest of the work ─▶ joining
 *              │                  └── leave: ends all work, says good-bye ──▶ left
 *              └── given up by the group, or no answer for a session: loses all partitions ── from everywhere
 */
export class GroupMember {
  /** Rejects when asking again does not help. */
  readonly failed: Promise<never>;
  private readonly options: GroupMemberOptions;
  private readonly tenures: PartitionTenures;
  private readonly failure = Promise.withResolvers<never>();
  private life: Promise<void> = Promise.resolve();
  private memberId = '';
  private generation = -1;
  private leaving = false;
  private mustJoin = true;
  private wake = () => {};

  constructor(options: GroupMemberOptions) {
    this.options = options;
    const { clock, sessionTimeoutMs, work } = options;
    const [onEnded, onOver] = [() => this.joinAgain(), () => this.lose()];
    this.tenures = new PartitionTenures({ clock, sessionTimeoutMs, work, onEnded, onOver });
    this.failed = this.failure.promise;
    this.failed.catch(() => {});
  }

  start(): void {
    this.life = this.live();
  }

  /** Ends all work, then leaves the group, which shares the partitions out among the others at once. */
  async leave(): Promise<void> {
    const { coordinator } = this.options;
    this.leaving = true;
    this.wake();
    await this.tenures.endAll();
    if (this.memberId !== '') await coordinator.leave(this.memberId).catch((error: unknown) => this.options.observer?.trouble?.(error));
    await coordinator.close(); // A join that still waits ends with it.
    await this.life;
  }

  private async live(): Promise<void> {
    while (!this.leaving) {
      try {
        await this.join();
        await this.stay();
      } catch (error) {
        await this.onError(error);
      }
    }
  }

  private async join(): Promise<void> {
    const { coordinator, partitions, clock, observer } = this.options;
    await this.tenures.allEnded();
    this.mustJoin = false;
    this.tenures.joining();
    const joined = await coordinator.join(this.memberId, { owned: this.tenures.owned, generation: this.generation });
    this.memberId = joined.memberId;
    this.generation = joined.generation;
    const heardMs = clock.monotonic();
    const assigned = await coordinator.sync(joined, assignPartitions(partitions, joined.claims));
    if (this.leaving) return;
    this.tenures.heard(heardMs);
    this.tenures.change(assigned);
    observer?.assigned?.(assigned, this.generation);
  }

  /** Says that it is there, until it must join again. */
  private async stay(): Promise<void> {
    const { coordinator, clock } = this.options;
    while (!this.leaving && !this.mustJoin) {
      await this.pause(HEARTBEAT_MS);
      if (this.leaving || this.mustJoin) return;
      const askedMs = clock.monotonic();
      await coordinator.heartbeat(this.memberId, this.generation);
      this.tenures.heard(askedMs);
    }
  }

  private async onError(error: unknown): Promise<void> {
    const { observer, coordinator, where } = this.options;
    const type = (error as { readonly type?: string }).type ?? '';
    if (this.leaving || type === 'REBALANCE_IN_PROGRESS') return;
    if (GIVEN_UP.has(type)) {
      this.lose();
      this.memberId = '';
      return;
    }
    const meaning = meaningOf(error, where);
    if (meaning.kind !== 'passing') return this.fail(meaning.kind === 'final' ? meaning.error : error);
    observer?.trouble?.(error);
    coordinator.reconnect();
    await this.pause(PAUSE_MS);
  }

  private joinAgain(): void {
    this.mustJoin = true;
    this.wake();
  }

  /** Also in a process that stood still: what others have by now must not be claimed. */
  private lose(): void {
    if (this.tenures.loseAll()) this.options.observer?.lost?.();
    this.joinAgain();
  }

  private fail(error: unknown): void {
    this.leaving = true;
    this.lose();
    this.failure.reject(error);
  }

  private async pause(delayMs: number): Promise<void> {
    const over = Promise.withResolvers<void>();
    const cancel = this.options.clock.after(delayMs, over.resolve);
    this.wake = over.resolve;
    await over.promise;
    cancel();
  }
}
