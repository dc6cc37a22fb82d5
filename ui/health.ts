/** Milliseconds: nearest-rank percentiles over the newest samples. */
export interface LatencyPercentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly samples: number;
}

/** What `GET /api/health` answers. */
export interface HealthAnswer {
  /** Milliseconds since 1970 by the server's clock. */
  readonly now: number;
  readonly uptimeMs: number;
  readonly cameras: readonly CameraHealthFacts[];
  readonly viewers: number;
  readonly workers: number;
  readonly log: LogFacts;
  readonly pictures: PictureFacts;
  readonly memory: { readonly rssBytes: number; readonly heapBytes: number; readonly viewBytes: number };
  /** How late the event loop was over the last seconds, milliseconds. */
  readonly eventLoop: { readonly p50: number; readonly p99: number; readonly max: number };
}

export interface CameraHealthFacts {
  readonly id: string;
  readonly state: string;
  /** Frames that came since the start, before any was left out. */
  readonly frames: number;
  /** Frames of the last ten minutes that were looked at. */
  readonly looked: number;
  /** JPEGs made for people since the start. */
  readonly jpegs: number;
  /** By reason, over the last ten minutes. */
  readonly dropped: Readonly<Record<string, number>>;
  readonly latency: Readonly<Partial<Record<'decoded' | 'waited' | 'inferred' | 'total', LatencyPercentiles>>>;
  /** Since the start, by cause. */
  readonly restarts: Readonly<Record<string, number>>;
  readonly decodeErrors: number;
  /** The decoder's last lines, without credentials. */
  readonly lastLines: readonly string[];
}

/** Pictures that are kept of alerts. */
export interface PictureFacts {
  readonly count: number;
  readonly bytes: number;
  /** At most so much is kept, and for so long. */
  readonly limitBytes: number;
  readonly limitMs: number;
}

export interface LogFacts {
  readonly bytes: number;
  readonly limitBytes: number;
  /** Measured over the last minutes; absent before there is a minute to measure. */
  readonly bytesAnHour?: number;
  /** At that rate, when the limit is reached and the oldest records are given up: hours from now; absent when it does not grow. */
  readonly hoursToLimit?: number;
}
