import type { Clock } from '../../../engine/clock.ts';
import type { LogFacts } from '../../health.ts';

const SAMPLE_EVERY_MS = 10_000;
const WINDOW_MS = 10 * 60_000;
const LEAST_MS = 60_000;
const HOUR_MS = 3_600_000;

interface Sample {
  readonly atMs: number;
  readonly bytes: number;
}

/** Measures how the log grows, and says when it will be as large as it may be. */
export class LogForecast {
  private readonly clock: Clock;
  private readonly size: () => { readonly bytes: number; readonly limitBytes: number };
  private samples: Sample[] = [];
  private cancel = () => {};

  constructor(clock: Clock, size: () => { readonly bytes: number; readonly limitBytes: number }) {
    this.clock = clock;
    this.size = size;
    this.sample();
  }

  facts(): LogFacts {
    const { bytes, limitBytes } = this.size();
    const [first] = this.samples;
    const elapsedMs = first === undefined ? 0 : this.clock.monotonic() - first.atMs;
    if (first === undefined || elapsedMs < LEAST_MS) return { bytes, limitBytes };
    const bytesAnHour = Math.round(((bytes - first.bytes) / elapsedMs) * HOUR_MS);
    const left = Math.max(0, limitBytes - bytes);
    return { bytes, limitBytes, bytesAnHour, ...(bytesAnHour > 0 ? { hoursToLimit: left / bytesAnHour } : {}) };
  }

  close(): void {
    this.cancel();
  }

  private sample(): void {
    const atMs = this.clock.monotonic();
    this.samples = [...this.samples.filter((sample) => sample.atMs >= atMs - WINDOW_MS), { atMs, bytes: this.size().bytes }];
    this.cancel = this.clock.after(SAMPLE_EVERY_MS, () => this.sample());
  }
}
