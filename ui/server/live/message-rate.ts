import type { Clock } from '../../../engine/clock.ts';

const MOST_IN_A_SECOND = 20;
const SECOND_MS = 1000;

/** At most 20 messages in any second of one viewer. */
export class MessageRate {
  private readonly clock: Clock;
  private times: number[] = [];

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Counts a message; false when it is one too many. */
  allows(): boolean {
    const now = this.clock.monotonic();
    this.times = this.times.filter((time) => time > now - SECOND_MS);
    this.times.push(now);
    return this.times.length <= MOST_IN_A_SECOND;
  }
}
