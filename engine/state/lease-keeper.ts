import type { Clock } from '../clock.ts';
import { fateOf } from '../errors.ts';
import type { Lease, Leases } from './leases.ts';
import type { Sessions } from './sessions.ts';

export interface KeepOptions {
  /** A lease lasts so long without renewal. */
  readonly ttlMs: number;
  readonly clock: Clock;
  /** Called once, when the work must stop. */
  readonly onLost: () => void;
  /** A renewal that failed; it is tried again. */
  readonly onTrouble?: (error: unknown) => void;
  /** The last event time said so far, for whoever comes next. */
  readonly lastTime?: () => number | undefined;
}

/** Renewals in a lifetime, and the part of it after which a holder gives up by itself: before anybody else may take over. */
const RENEWALS = 3;
const TRUSTED = 2 / 3;

/**
 * Holds a lease by renewing it, and says when it is lost. Time is the monotonic clock of this machine, counted from before each request
 * was sent, so it always ends here earlier than in the store.
 *
 *   held ──renewed, every third of its life──▶ held
 *     ├── two thirds without renewal, or held by somebody else ──▶ lost: onLost
 *     └── release ──▶ released
 */
export class LeaseKeeper {
  readonly lease: Lease;
  private readonly options: KeepOptions;
  private renewedMs: number;
  private over = false;
  private renewing = false;
  private cancelRenewal: () => void = () => {};
  private cancelDeadline: () => void = () => {};

  /** Takes a lease and keeps it; `undefined` when somebody else holds it. */
  static async acquire(leases: Leases, name: string, options: KeepOptions): Promise<LeaseKeeper | undefined> {
    const askedMs = options.clock.monotonic();
    const lease = await leases.acquire(name, options.ttlMs);
    return lease && new LeaseKeeper(lease, askedMs, options);
  }

  private constructor(lease: Lease, askedMs: number, options: KeepOptions) {
    this.lease = lease;
    this.options = options;
    this.renewedMs = askedMs;
    this.renewLater();
    this.watchDeadline();
  }

  /** Right at any moment, also in a process that stood still and whose timers have not run yet: ask before saying anything. */
  get isHeld(): boolean {
    return !this.over && this.remainingMs > 0;
  }

  get sessions(): Sessions {
    return this.lease.sessions;
  }

  /** Gives it back; nobody is told that it is lost. Rejects when the store is away: then it ends by itself, a lifetime later. */
  async release(): Promise<void> {
    if (this.over) return;
    this.end();
    await this.lease.renew(this.options.lastTime?.());
    await this.lease.release();
  }

  private get remainingMs(): number {
    return this.renewedMs + TRUSTED * this.options.ttlMs - this.options.clock.monotonic();
  }

  private renewLater(): void {
    this.cancelRenewal = this.options.clock.after(this.options.ttlMs / RENEWALS, () => {
      if (!this.renewing) void this.renew();
      this.renewLater();
    });
  }

  private async renew(): Promise<void> {
    const askedMs = this.options.clock.monotonic();
    this.renewing = true;
    try {
      const held = await this.lease.renew(this.options.lastTime?.());
      if (held) this.renewed(askedMs);
      else this.lose();
    } catch (error) {
      if (fateOf(error) === 'stop') this.lose();
      this.options.onTrouble?.(error);
    } finally {
      this.renewing = false;
    }
  }

  private renewed(askedMs: number): void {
    if (this.over) return;
    this.renewedMs = askedMs;
    this.cancelDeadline();
    this.watchDeadline();
  }

  private watchDeadline(): void {
    this.cancelDeadline = this.options.clock.after(Math.max(0, this.remainingMs), () => this.lose());
  }

  private lose(): void {
    if (this.over) return;
    this.end();
    this.options.onLost();
  }

  private end(): void {
    this.over = true;
    this.cancelRenewal();
    this.cancelDeadline();
  }
}
