import type { Clock } from '../engine/clock.ts';

interface Alarm {
  readonly at: number;
  readonly callback: () => void;
}

/** A clock that moves only when a test says so. `now` begins at the given time, `monotonic` at 0; both move together. */
export class ManualClock implements Clock {
  private elapsedMs = 0;
  private startMs: number;
  private readonly alarms = new Set<Alarm>();
  private readonly watchers: (() => void)[] = [];

  constructor(startMs = 1_766_400_000_000) {
    this.startMs = startMs;
  }

  now(): number {
    return this.startMs + this.elapsedMs;
  }

  monotonic(): number {
    return this.elapsedMs;
  }

  after(delayMs: number, callback: () => void): () => void {
    const alarm = { at: this.elapsedMs + Math.max(0, delayMs), callback };
    this.alarms.add(alarm);
    for (const wake of this.watchers.splice(0)) wake();
    return () => this.alarms.delete(alarm);
  }

  /** How many alarms are waiting. */
  get waiting(): number {
    return this.alarms.size;
  }

  /** Resolves when somebody waits for an alarm. */
  async isWaitedFor(): Promise<void> {
    if (this.waiting === 0) await new Promise<void>((resolve) => this.watchers.push(resolve));
  }

  /** Resolves when somebody asks for another alarm. */
  nextAlarm(): Promise<void> {
    return new Promise((resolve) => this.watchers.push(resolve));
  }

  /** Moves time on and rings what is due, in order of time, each at its own moment; also what the rung ones ask for on the way. */
  advance(ms: number): void {
    const end = this.elapsedMs + ms;
    for (let next = this.firstDue(end); next !== undefined; next = this.firstDue(end)) {
      this.alarms.delete(next);
      this.elapsedMs = Math.max(this.elapsedMs, next.at);
      next.callback();
    }
    this.elapsedMs = end;
  }

  /** The wall clock is set: `now` jumps, `monotonic` does not notice. */
  set(nowMs: number): void {
    this.startMs = nowMs - this.elapsedMs;
  }

  private firstDue(end: number): Alarm | undefined {
    let first: Alarm | undefined;
    for (const alarm of this.alarms) if (alarm.at <= end && (first === undefined || alarm.at < first.at)) first = alarm;
    return first;
  }
}
