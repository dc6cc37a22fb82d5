import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { Clock } from '../engine/clock.ts';
import { fateOf } from '../engine/errors.ts';
import type { Logger } from '../engine/observe/logger.ts';
import type { Leases } from '../engine/state/index.ts';
import { type MemberFacts, packFacts, type RoleFacts, readFacts } from './member-facts.ts';
import { PassingTrouble } from './passing-trouble.ts';

const ANNOUNCE_MS = 2_000;
/**
 * A member that was not heard of for so long is gone. Before its leases end: else its share would still be counted, and nobody would take
 * what they leave.
 */
export const MEMBER_TTL_MS = 8_000;

export interface MemberOptions {
  /** The leases as the member of this name sees them. */
  readonly leases: (member: string) => Leases;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly version: string;
  readonly roles: MemberFacts['roles'];
  /** See `MemberFacts.settings`; asked at each announcement, since the configuration may be edited. */
  readonly settings: () => Readonly<Record<string, string>>;
}

/**
 * This process as a member of the cluster: says every two seconds that it is there and what it does, and reads what the others say.
 *
 *   made ──join──▶ announced ──every 2 s──▶ announced ──leave──▶ gone
 *                      └── killed, or 8 s without a word ─────────▲
 */
export class Member {
  /** Host, process and a number of its own: a process that is started again is another member. */
  readonly id: string;
  readonly leases: Leases;
  private readonly options: MemberOptions;
  private readonly startedMs: number;
  private readonly unheard: PassingTrouble;
  private readonly givers: (() => RoleFacts)[] = [];
  private url: string | undefined;
  private announcing: Promise<void> = Promise.resolve();
  private cancel: () => void = () => {};
  private left = false;

  constructor(options: MemberOptions) {
    this.id = `${hostname()}-${process.pid}-${randomBytes(3).toString('hex')}`.replace(/[^\w.-]/g, '-');
    this.leases = options.leases(this.id);
    this.options = options;
    this.startedMs = options.clock.now();
    this.unheard = new PassingTrouble(options.logger, {
      met: 'The other members cannot be told that this one is here; it is tried again',
      over: 'The other members can be told again that this one is here',
    });
  }

  /** Adds to what is said; asked at each announcement. Be quick, never throw. */
  announce(facts: () => RoleFacts): void {
    this.givers.push(facts);
  }

  /**
   * Says that it is there, from now on, and where its server answers. Resolves when the others can see it, or when the store is away: then
   * it is tried again.
   */
  async join(url?: string): Promise<void> {
    this.url = url;
    await this.sayNow().catch((error: unknown) => {
      if (fateOf(error) !== 'retry') throw error;
      this.unheard.met(error);
    });
    this.sayLater();
  }

  /** Says what has changed now, instead of at the next turn. */
  async sayNow(): Promise<void> {
    this.announcing = this.announcing.catch(() => {}).then(() => this.say());
    await this.announcing;
  }

  /** Who is there, by id; `undefined` where another version of Ocelli speaks. */
  async members(): Promise<ReadonlyMap<string, MemberFacts | undefined>> {
    const members = await this.leases.members();
    return new Map([...members].map(([id, facts]) => [id, readFacts(facts)]));
  }

  /** Says that it is gone. */
  async leave(): Promise<void> {
    this.left = true;
    this.cancel();
    await this.announcing.catch(() => {}); // It was told when it failed.
    await this.leases.leave();
  }

  private sayLater(): void {
    if (this.left) return;
    this.cancel = this.options.clock.after(ANNOUNCE_MS, () => {
      this.announcing = this.say().then(
        () => this.unheard.over(),
        (error: unknown) => this.unheard.met(error),
      );
      void this.announcing.then(() => this.sayLater());
    });
  }

  private async say(): Promise<void> {
    const askedMs = this.options.clock.monotonic();
    const storeMs = await this.leases.nowMs();
    const halfTripMs = (this.options.clock.monotonic() - askedMs) / 2;
    if (this.left) return;
    const nowMs = this.options.clock.now();
    await this.leases.announce(packFacts(this.facts(nowMs, Math.round(nowMs - storeMs - halfTripMs))), MEMBER_TTL_MS);
  }

  private facts(nowMs: number, aheadMs: number): Omit<MemberFacts, 'v'> {
    const { version, roles, settings } = this.options;
    const { url, startedMs } = this;
    const own = { host: hostname(), pid: process.pid, version, roles, startedMs, nowMs, aheadMs, settings: { ...settings() } };
    return Object.assign({ ...own, ...(url === undefined ? {} : { url }) }, ...this.givers.map((giver) => giver()));
  }
}
