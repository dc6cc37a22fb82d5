import type { Clock } from '../engine/clock.ts';
import type { Model } from '../engine/contract/model.ts';
import type { FrameSink } from '../engine/frames/frame-bus.ts';
import type { PixelPool } from '../engine/frames/pixel-pool.ts';
import type { Progress } from '../engine/records/place-rule.ts';
import type { Sessions } from '../engine/state/sessions.ts';
import type { CameraStatus } from './camera-status.ts';
import type { Ffmpeg } from './ffmpeg/find-ffmpeg.ts';

/** Why a connector is to stop. After `shutdown` the camera goes on later; the others end it with a mark. */
export type StopReason = 'shutdown' | 'disabled' | 'removed';

/** The settings that shape results, as the `settings` mark tells them. */
export interface SettingsInForce {
  readonly hash: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** How far the records of a camera reach, and what a recording that goes on must know besides. */
export interface Recorded extends Progress {
  /** Hash of the last `settings` mark: it is not written again while it is still in force. */
  readonly settings?: string;
  /** Where the recording begins, in event time: one that was moved behind an earlier one stays there. */
  readonly began?: number;
  /** Event time up to which frames of the camera are recorded; none is, where it is missing. */
  readonly framesUntil?: number;
}

/** What every connector is given. */
export interface ConnectorParts {
  readonly ffmpeg: Ffmpeg;
  readonly model: Model;
  readonly settings: SettingsInForce;
  readonly sink: FrameSink;
  readonly sessions: Sessions;
  readonly recorded: (camera: string) => Recorded | undefined;
  readonly pool: PixelPool;
  readonly clock: Clock;
  /** 0…1, for jitter. */
  readonly random: () => number;
  readonly onStatus: (status: CameraStatus) => void;
  readonly log: (level: 'info' | 'warn' | 'error', sentence: string, facts: Readonly<Record<string, unknown>>) => void;
}

/** One camera: from its address to items on the frame bus. */
export interface Connector {
  /** Returns at once: a camera that is not there delays nobody. */
  start(): void;
  /** From here on frames are judged by these settings: a `settings` mark goes into the camera's own stream. */
  applySettings(settings: SettingsInForce): void;
  /** Resolves when ffmpeg has ended and nothing more will be put. */
  stop(reason: StopReason): Promise<void>;
  status(): CameraStatus;
}
