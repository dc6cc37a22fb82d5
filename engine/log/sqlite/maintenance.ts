import type { Clock } from '../../clock.ts';
import type { Background } from './background.ts';
import type { CheckpointReport } from './checkpoint.ts';
import type { RetentionReport } from './retention.ts';

const CHECKPOINT_EVERY_MS = 1_000;
const RETENTION_EVERY_MS = 10_000;
/** So many records fill some 16 to 64 MiB of the write-ahead log: a checkpoint does not wait for its second then. */
const MANY_RECORDS = 4_000;

/** What a round of maintenance did; `error` when it failed: it is tried again a second later. */
export interface MaintenanceReport {
  readonly retention?: RetentionReport;
  readonly checkpoint?: CheckpointReport;
  readonly error?: unknown;
}

/**
 * Asks the background for a checkpoint every second in which something was written, or sooner when it was much, and for retention every ten seconds. One round at
 * a time.
 */
export class Maintenance {
  private readonly clock: Clock;
  private readonly background: Background;
  private readonly retained: () => void;
  private readonly report: (report: MaintenanceReport) => void;
  private cancel: () => void;
  private lastRetentionMs: number;
  private written = 0;
  private stopped = false;
  private round: Promise<MaintenanceReport> = Promise.resolve({});

  /** `retained` is called when a round of retention is through, which may have moved the start of topics. */
  constructor(clock: Clock, background: Background, retained: () => void, report: (report: MaintenanceReport) => void = () => {}) {
    this.clock = clock;
    this.background = background;
    this.retained = retained;
    this.report = report;
    this.lastRetentionMs = clock.monotonic();
    this.cancel = this.schedule();
  }

  noteCommit(records: number): void {
    const before = this.written;
    this.written += records;
    if (before < MANY_RECORDS && this.written >= MANY_RECORDS) void this.next(false);
  }

  /** A round with retention, after the one that goes on. Never rejects; a failure is in the report. */
  run(): Promise<MaintenanceReport> {
    return this.next(true);
  }

  /** No round begins any more. */
  stop(): void {
    this.stopped = true;
    this.cancel();
  }

  private schedule(): () => void {
    return this.clock.after(CHECKPOINT_EVERY_MS, () => void this.tick());
  }

  private async tick(): Promise<void> {
    const retentionDue = this.clock.monotonic() - this.lastRetentionMs >= RETENTION_EVERY_MS;
    if (retentionDue || this.written > 0) await this.next(retentionDue);
    if (!this.stopped) this.cancel = this.schedule();
  }

  private next(retention: boolean): Promise<MaintenanceReport> {
    this.round = this.round.then(() => this.attempt(retention));
    return this.round;
  }

  private async attempt(retention: boolean): Promise<MaintenanceReport> {
    if (this.stopped) return {};
    const report = await this.work(retention);
    this.report(report);
    return report;
  }

  private async work(retention: boolean): Promise<MaintenanceReport> {
    this.written = 0;
    try {
      if (!retention) return { checkpoint: await this.background.ask('checkpoint', null) };
      this.lastRetentionMs = this.clock.monotonic();
      const removed = await this.background.ask('retain', { now: this.clock.now() });
      this.retained();
      return { retention: removed, checkpoint: await this.background.ask('checkpoint', null) };
    } catch (error) {
      this.written += 1;
      if (retention) this.lastRetentionMs = Number.NEGATIVE_INFINITY;
      return { error };
    }
  }
}
