import type { Clock } from '../clock.ts';

/** The least time between two commits, in milliseconds. */
export interface CommitGaps {
  /** While something waits that came from a live camera: somebody may follow it as it happens. */
  readonly liveMs: number;
  /** While only records of recordings wait: nobody waits for one of them alone. */
  readonly recordedMs: number;
}

/** Says when a commit may begin. */
export interface CommitPace {
  /** Resolves when the next one may; `isUrgent` is asked whether what waits by then is. */
  turn(isUrgent: () => boolean): Promise<void>;
  /** What waits has become urgent. */
  hurry(): void;
}

/** A commit in every turn of the event loop. */
export const EVERY_TURN: CommitPace = {
  turn: () => new Promise((resolve) => void setImmediate(resolve)),
  hurry() {},
};

/** Leaves a gap between commits. The first one, and one after a pause, comes in the next turn of the event loop. */
export class GapsBetween implements CommitPace {
  private readonly clock: Clock;
  private readonly gaps: CommitGaps;
  private lastMs = Number.NEGATIVE_INFINITY;
  private wake = () => {};

  constructor(clock: Clock, gaps: CommitGaps) {
    this.clock = clock;
    this.gaps = gaps;
  }

  async turn(isUrgent: () => boolean): Promise<void> {
    await EVERY_TURN.turn(isUrgent);
    for (let restMs = this.restMs(isUrgent()); restMs > 0; restMs = this.restMs(isUrgent())) await this.rest(restMs);
    this.lastMs = this.clock.monotonic();
  }

  hurry(): void {
    this.wake();
  }

  private restMs(urgent: boolean): number {
    return this.lastMs + (urgent ? this.gaps.liveMs : this.gaps.recordedMs) - this.clock.monotonic();
  }

  private rest(restMs: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.clock.after(restMs, resolve);
      this.wake = () => {
        cancel();
        resolve();
      };
    });
  }
}
