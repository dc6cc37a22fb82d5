import type { Clock } from '../engine/clock.ts';
import type { Member } from './member.ts';
import { leaveSoon } from './open-member.ts';
import { refuseOtherKind } from './refuse-other-kind.ts';
import type { Role } from './role.ts';

/** The work of a whole site in one process: begun as soon as it is certain that nobody else does it. */
export class WorkAlone {
  private readonly member: Member;
  private readonly flow: readonly Pick<Role, 'start' | 'failed' | 'drain'>[];
  private readonly begun: Promise<void>;
  private readonly over = new AbortController();
  private state: 'waiting' | 'working' | 'ended' = 'waiting';

  /** @param flow its parts, in the order in which records come through them */
  constructor(member: Member, flow: readonly Pick<Role, 'start' | 'failed' | 'drain'>[], clock: Clock) {
    this.member = member;
    this.flow = flow;
    this.begun = refuseOtherKind(member, 'whole', clock, this.over.signal).then(() => this.begin());
    this.begun.catch(() => {}); // Told by `failed`.
  }

  /** Says to others that this process is there. Rejects when the work cannot begin, or cannot go on. */
  async failed(url: string): Promise<never> {
    await this.begun;
    await this.member.join(url);
    return Promise.race(this.flow.map(({ failed }) => failed));
  }

  async end(): Promise<void> {
    const wasWorking = this.state === 'working';
    this.state = 'ended';
    this.over.abort();
    leaveSoon(this.member);
    if (wasWorking) for (const part of this.flow) await part.drain();
  }

  private begin(): void {
    if (this.state !== 'waiting') return;
    this.state = 'working';
    for (const part of this.flow.toReversed()) part.start();
  }
}
