import type { AlertRecord, GapReason, MarkRecord } from '../../engine/records/record.ts';

const MINUTE_MS = 60_000;
/** Share of a minute's frames that must be lost for an alert to open, and below which it closes again. */
const DEGRADED_ABOVE = 0.5;
const HEALTHY_BELOW = 0.2;
/** An alert that is open is told anew when the share has changed by so many points since it was told last. */
const TOLD_AGAIN_POINTS = 20;
/** A minute with fewer frames than this says nothing about a share. */
const FEWEST_FRAMES = 30;
/** Reasons that are nobody's wish: frames were there, or should have been. */
const LOST: ReadonlySet<GapReason> = new Set(['stale', 'overload', 'failed', 'lost', 'broker', 'decode']);

/** An alert that is open. */
export interface OpenAlert {
  readonly id: string;
  readonly since: number;
  readonly cause?: string;
}

/**
 * What is known of a camera's health; plain data.
 *
 *            down                            more than half of a minute lost
 *   well ───────────▶ camera-down       well ──────────────────────────────▶ camera-degraded
 *    ▲   up, end          │ another cause: updated  ▲   less than a fifth lost, end    │
 *    └────────────────────┘                         └──────────────────────────────────┘
 *                                                       │ 20 points more or less lost: updated
 */
export interface CameraHealth {
  down: OpenAlert | null;
  degraded: OpenAlert | null;
  /** The minute of event time that is being counted, and what came in it. */
  minute: number;
  looked: number;
  lost: number;
  /** Percent of a minute that an open `camera-degraded` told last as lost; 0 while none is open. */
  toldPercent: number;
}

/** What a change of health says; its place and time are added by whoever emits it. */
export type Change = Pick<AlertRecord, 'kind' | 'state' | 'sentence'> & { readonly cause?: string | undefined };

export function newCameraHealth(): CameraHealth {
  return { down: null, degraded: null, minute: 0, looked: 0, lost: 0, toldPercent: 0 };
}

/** Version 1 did not keep what an open alert had told: taken as the least with which it opens. */
export function upgradeCameraHealth(old: Omit<CameraHealth, 'toldPercent'>): CameraHealth {
  return { ...old, toldPercent: old.degraded === null ? 0 : 100 * DEGRADED_ABOVE };
}

/** Counts frames; when a new minute has begun, judges the one before. */
export function countFrames(health: CameraHealth, time: number, frames: number, reason?: GapReason): Change[] {
  const changes = enterMinute(health, time);
  if (reason === undefined) health.looked += frames;
  else if (LOST.has(reason)) health.lost += frames;
  return changes;
}

export function applyMark(health: CameraHealth, { mark, time, cause, detail }: MarkRecord): Change[] {
  const changes = enterMinute(health, time);
  if (mark === 'down') changes.push(...goDown(health, cause, detail));
  if (mark === 'up' || mark === 'end') changes.push(...comeBack(health, mark));
  return changes;
}

function goDown({ down }: CameraHealth, cause: string | undefined, detail: string | undefined): Change[] {
  const sentence = detail ?? 'No frames come from the camera.';
  if (down === null) return [{ kind: 'camera-down', state: 'opened', cause, sentence }];
  return down.cause === cause ? [] : [{ kind: 'camera-down', state: 'updated', cause, sentence }];
}

function comeBack(health: CameraHealth, mark: 'up' | 'end'): Change[] {
  const { down, degraded } = health;
  const sentence = mark === 'up' ? 'Frames come again.' : 'The camera was ended.';
  const changes: Change[] = down === null ? [] : [{ kind: 'camera-down', state: 'closed', sentence }];
  if (mark !== 'end' || degraded === null) return changes;
  health.toldPercent = 0;
  return [...changes, { kind: 'camera-degraded', state: 'closed', sentence }];
}

function enterMinute(health: CameraHealth, time: number): Change[] {
  const minute = Math.floor(time / MINUTE_MS);
  if (minute === health.minute) return [];
  const changes = judgeMinute(health);
  Object.assign(health, { minute, looked: 0, lost: 0 });
  return changes;
}

function judgeMinute(health: CameraHealth): Change[] {
  const { looked, lost } = health;
  const frames = looked + lost;
  if (frames < FEWEST_FRAMES) return [];
  const state = stateBy(lost / frames, health);
  if (state === undefined) return [];
  health.toldPercent = state === 'closed' ? 0 : percent(lost / frames);
  return [{ kind: 'camera-degraded', state, sentence: `${lost} of ${frames} frames of a minute were not looked at.` }];
}

/** What a share of lost frames makes of the alert; `undefined`: nothing. */
function stateBy(share: number, { degraded, toldPercent }: CameraHealth): Change['state'] | undefined {
  if (degraded === null) return share > DEGRADED_ABOVE ? 'opened' : undefined;
  if (share < HEALTHY_BELOW) return 'closed';
  return Math.abs(percent(share) - toldPercent) >= TOLD_AGAIN_POINTS ? 'updated' : undefined;
}

/** Whole: differences of shares are not exact. */
function percent(share: number): number {
  return Math.round(100 * share);
}
