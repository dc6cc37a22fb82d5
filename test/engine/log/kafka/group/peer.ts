import { type Clock, SystemClock } from '../../../../../engine/clock.ts';
import { sentenceOf } from '../../../../../engine/errors.ts';
import { type GroupMember, type KafkaGroupOptions, openKafkaGroup, type Tenure } from '../../../../../engine/log/index.ts';

/** A member of a group that notes what it is told, one line each: `begin 0`, `end 0`, `lost`, `has 0,1`. */
export class Peer {
  readonly events: string[] = [];
  readonly tenures = new Map<number, Tenure>();
  readonly clock: Clock;
  member!: GroupMember;
  /** Work that is ended is finished when this resolves. */
  finish: Promise<void> = Promise.resolve();
  private wake = () => {};
  private failure: unknown;

  constructor(clock: Clock = new SystemClock()) {
    this.clock = clock;
  }

  static async join(facts: Pick<KafkaGroupOptions, 'settings' | 'partitions'>, clock?: Clock): Promise<Peer> {
    const peer = new Peer(clock);
    peer.member = await openKafkaGroup({
      ...facts,
      group: 'test',
      topic: 'detections',
      sessionTimeoutMs: 1_500,
      clock: peer.clock,
      work: { begin: (tenure) => peer.begin(tenure), end: (partition) => peer.end(partition) },
      observer: {
        assigned: (partitions) => peer.note(`has ${[...partitions].sort().join(',')}`),
        lost: () => peer.note('lost'),
        trouble: (error) => peer.note(`trouble: ${sentenceOf(error)}`),
      },
    });
    peer.member.failed.catch((error: unknown) => peer.fail(error));
    peer.member.start();
    return peer;
  }

  get partitions(): number[] {
    return [...this.tenures.keys()].sort((a, b) => a - b);
  }

  /** Resolves when this was noted. */
  async notes(event: string): Promise<void> {
    while (!this.events.includes(event)) {
      if (this.failure !== undefined) throw this.failure;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }

  private begin(tenure: Tenure): void {
    this.tenures.set(tenure.partition, tenure);
    tenure.lost.addEventListener('abort', () => this.tenures.delete(tenure.partition));
    this.note(`begin ${tenure.partition}`);
  }

  private async end(partition: number): Promise<void> {
    await this.finish;
    this.tenures.delete(partition);
    this.note(`end ${partition}`);
  }

  private fail(error: unknown): void {
    this.failure = error;
    this.wake();
  }

  private note(event: string): void {
    this.events.push(event);
    this.wake();
  }
}
