import type { Clock } from '../../clock.ts';
import type { WatchLeases } from '../kafka-views.ts';
import { watchLease } from './watched-cameras.ts';

const TTL_MS = 5_000;
const RENEW_EVERY_MS = 1_500;
/** Whoever holds the lease may stop watching: then it is ours to take. */
const ASK_EVERY_MS = 1_000;

type Held = Awaited<ReturnType<WatchLeases['acquire']>>;

/**
 * Says that a camera is watched, for as long as it is not closed.
 *
 *   asking ──nobody has it──▶ holding ──lost──▶ asking
 *     ▲ └─ somebody has it: that says so too; asked again in a second
 *     └── the store does not answer ── from everywhere
 */
export class WatchKeeper {
  private readonly leases: WatchLeases;
  private readonly clock: Clock;
  private readonly onTrouble: (error: unknown) => void;
  private readonly name: string;
  private held: Held;
  private closed = false;
  private turn: Promise<void>;
  private cancelTurn = () => {};

  constructor(camera: string, { leases, clock, onTrouble }: { leases: WatchLeases; clock: Clock; onTrouble: (error: unknown) => void }) {
    this.leases = leases;
    this.clock = clock;
    this.onTrouble = onTrouble;
    this.name = watchLease(camera);
    this.turn = this.take();
  }

  async close(): Promise<void> {
    this.closed = true;
    this.cancelTurn();
    await this.turn;
    // Without it the lease ends by itself.
    await this.held?.release().catch(this.onTrouble);
  }

  private async take(): Promise<void> {
    try {
      if (this.held !== undefined && !(await this.held.renew())) this.held = undefined;
      this.held ??= await this.leases.acquire(this.name, TTL_MS);
    } catch (error) {
      this.onTrouble(error);
    }
    if (this.closed) return;
    this.cancelTurn = this.clock.after(this.held === undefined ? ASK_EVERY_MS : RENEW_EVERY_MS, () => {
      this.turn = this.take();
    });
  }
}
