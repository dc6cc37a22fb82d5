import type { CameraState, ModelFacts } from '../../protocol.ts';

/** What the live view must know of the site that it shows; `site/live-view.ts` answers. */
export interface LiveSite {
  readonly timezone: string;
  readonly model: ModelFacts;
  /** Every camera of the configuration, in its order, as it stands now. */
  cameras(): readonly SiteCamera[];
  /** Inference workers. */
  workers(): number;
  /** What the log takes on disk, and what it may take. */
  log(): { readonly bytes: number; readonly limitBytes: number };
}

export interface SiteCamera {
  readonly id: string;
  readonly kind: 'live' | 'recording';
  /** Without user and password. */
  readonly address: string;
  readonly targetFps: number;
  readonly freshnessMs: number;
  /** 0 when it has no pictures for people. */
  readonly viewWidth: number;
  /** Absent before the connector was made. */
  readonly status: SiteCameraStatus | undefined;
  readonly enabled: boolean;
}

export interface SiteCameraStatus {
  readonly state: CameraState;
  readonly cause?: string;
  readonly detail?: string;
  readonly since: number;
  readonly nextTryAt?: number;
  readonly fps: number;
  readonly frames: number;
  readonly decodeErrors: number;
  readonly restarts: Readonly<Record<string, number>>;
  /** The decoder's last lines. */
  readonly lastLines: readonly string[];
}
