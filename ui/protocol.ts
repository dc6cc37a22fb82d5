import type { AlertRecord, GapReason, TracksRecord } from '../engine/records/record.ts';

/**
 * What the live view and its server say to each other over `/ws`.
 *
 *   browser ──text──▶ server    watch, took, clock
 *   browser ◀─text──  server    site (once), cameras (about twice a second), alert, picture, clock
 *   browser ◀─binary─ server    one frame: its tracks record and its picture (`frame-message.ts`)
 */
export type ClientMessage = WatchMessage | TookMessage | ClockQuestion;

/** Replaces what was watched before. */
export interface WatchMessage {
  readonly op: 'watch';
  readonly cameras: readonly Watch[];
}

/** Pictures of a camera at the width, in pixels of the picture, and at most at the rate that somebody sees. */
export interface Watch {
  readonly id: string;
  readonly width: number;
  readonly fps: number;
}

/**
 * How many pictures of this connection the page has taken so far. A browser holds what its page is too busy for, without an end and
 * unseen by the server: whoever says this gets no more than it can take, and then the newest. Whoever never does is held to be fast.
 */
export interface TookMessage {
  readonly op: 'took';
  readonly pictures: number;
}

/** Asks for the server's time; the answer brings `sent` back, so that the way there and back is known. */
export interface ClockQuestion {
  readonly op: 'clock';
  readonly sent: number;
}

export type ServerMessage = SiteMessage | CamerasMessage | AlertMessage | PictureMessage | ClockAnswer;

/** What does not change while the server runs. */
export interface SiteMessage {
  readonly type: 'site';
  /** IANA name of the site's time zone. */
  readonly timezone: string;
  readonly model: ModelFacts;
}

export interface ModelFacts {
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
  readonly dataset: string;
  readonly classes: readonly string[];
}

/** Every camera of the site, in the order of the configuration. */
export interface CamerasMessage {
  readonly type: 'cameras';
  readonly cameras: readonly CameraFacts[];
}

export interface AlertMessage {
  readonly type: 'alert';
  readonly alert: AlertRecord;
}

/** A picture was kept. */
export interface PictureMessage {
  readonly type: 'picture';
  readonly picture: KeptPicture;
}

/** A picture that is kept for a record, at `/api/pictures/{id}`. */
export interface KeptPicture {
  /** The record that it was kept for: the one that opened an alert. */
  readonly id: string;
  readonly camera: string;
  /** When it was captured: milliseconds since 1970. */
  readonly time: number;
}

export interface ClockAnswer {
  readonly type: 'clock';
  readonly sent: number;
  /** Milliseconds since 1970 by the server's clock. */
  readonly now: number;
}

export type CameraState = 'starting' | 'running' | 'stalled' | 'backing-off' | 'disabled' | 'ended';

/** Losses by reason. */
export type Shed = Readonly<Partial<Record<GapReason, number>>>;

/** A camera as it stands; nothing in it is a secret. Times are milliseconds since 1970 by the server's clock. */
export interface CameraFacts {
  readonly id: string;
  readonly kind: 'live' | 'recording';
  /** The address without user and password. */
  readonly address: string;
  /** Frames a second that are asked for, and that came over the last seconds. */
  readonly targetFps: number;
  readonly fps: number;
  /** A live frame older than this is not looked at. */
  readonly freshnessMs: number;
  /** Width of its pictures for people; 0 when it has none. */
  readonly viewWidth: number;
  readonly state: CameraState;
  readonly since: number;
  readonly cause?: string;
  /** One sentence for people. */
  readonly detail?: string;
  readonly nextTryAt?: number;
  /** When its newest frame that has a record was captured. */
  readonly lastFrameAt?: number;
  /** Frames of the last minute that were not looked at. */
  readonly shed: Shed;
}

/** The head of a binary message. */
export interface FrameHeader {
  /** When the frame was captured, by the server's clock: age is now minus this, also for recordings (whose own time may lie in the past). */
  readonly captured: number;
  readonly record: TracksRecord;
}

/** Why the server hangs up: sent as the close code, with a sentence as its reason. */
export const CLOSE = {
  /** It is being stopped; come again. */
  goingAway: 1001,
  /** The viewer does not take what it asked for. Come again later, or ask for less. */
  tooSlow: 1013,
  binary: 1003,
  badMessage: 4400,
  unknownCamera: 4404,
  tooManyMessages: 4429,
} as const;
