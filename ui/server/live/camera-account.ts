import type { Clock } from '../../../engine/clock.ts';
import type { RecordOf } from '../../../engine/records/topic.ts';
import { CameraHistory } from './camera-history.ts';
import { type Percentiles, SampleWindow } from './sample-window.ts';

/** Where the time of a frame goes; `total` is from its capture to its committed tracks record. */
export type LatencyStage = 'decoded' | 'waited' | 'inferred' | 'total';
const STAGES = ['decoded', 'waited', 'inferred', 'total'] as const;

export type Latencies = Readonly<Partial<Record<LatencyStage, Percentiles>>>;

/** What the committed records of one camera tell about it. */
export class CameraAccount {
  readonly history = new CameraHistory();
  /** When the newest frame with a record was captured, by this machine's clock. */
  lastFrameAt: number | undefined;
  private readonly clock: Clock;
  private readonly windows: Readonly<Record<LatencyStage, SampleWindow>>;

  constructor(clock: Clock) {
    this.clock = clock;
    this.windows = { decoded: new SampleWindow(), waited: new SampleWindow(), inferred: new SampleWindow(), total: new SampleWindow() };
  }

  take(record: RecordOf<'tracks'>): void {
    this.history.take(record);
    if (record.type !== 'tracks') return;
    const { clock, time, timing } = record;
    const live = clock === 'arrival';
    for (const stage of ['decoded', 'waited', 'inferred'] as const) this.windows[stage].add(timing[stage]);
    if (live) this.windows.total.add(this.clock.now() - time);
    this.lastFrameAt = live ? time : this.clock.now();
  }

  /** Milliseconds. A recording has no total: it was captured in another time. */
  latencies(): Latencies {
    const known = STAGES.map((stage) => [stage, this.windows[stage].percentiles()] as const).filter(([, value]) => value !== undefined);
    return Object.fromEntries(known);
  }
}
