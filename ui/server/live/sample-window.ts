/** Percentiles in the unit of the samples, and over how many. */
export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly samples: number;
}

/** The newest samples of a quantity: enough for percentiles of the last minute or so, in constant memory. */
export class SampleWindow {
  private readonly samples: Float64Array;
  private count = 0;

  constructor(size = 512) {
    this.samples = new Float64Array(size);
  }

  add(sample: number): void {
    this.samples[this.count % this.samples.length] = sample;
    this.count += 1;
  }

  /** `undefined` before the first sample. Nearest rank: each percentile is a sample that was there. */
  percentiles(): Percentiles | undefined {
    const samples = Math.min(this.count, this.samples.length);
    if (samples === 0) return undefined;
    const sorted = this.samples.slice(0, samples).sort();
    const at = (share: number) => sorted[Math.ceil(share * samples) - 1] as number;
    return { p50: at(0.5), p95: at(0.95), p99: at(0.99), samples };
  }
}
