import type { CameraState } from './camera-status.ts';
import type { Reason } from './cause.ts';
import { retryDelayMs } from './retry-policy.ts';

/** Nothing has come by then: the opening has failed. Packets count, since the first key frame may be 30 s away. */
export const START_LIMIT_MS = 15_000;
/** Packets come, but no picture. */
export const FIRST_FRAME_LIMIT_MS = 90_000;
export const STALL_LIMIT_MS = 5000;
const STALL_INTERVALS = 10;
/** Only after this long without a fault are earlier failures forgotten: a camera that flaps is not asked ever faster. */
export const HEALTHY_MS = 60_000;

/** What happened. Times are monotonic milliseconds. */
export type CameraEvent =
  | { readonly type: 'start' }
  | { readonly type: 'packet' }
  | { readonly type: 'frame' }
  /** The opening was refused, or ffmpeg has ended. Follows every `open`, and every `kill`. */
  | { readonly type: 'ended'; readonly reason: Reason }
  /** The source must be opened anew: its size changed, or it delivers what is long past. */
  | { readonly type: 'reopen'; readonly reason: Reason }
  | { readonly type: 'tick' }
  | { readonly type: 'disable' };

/** What is to be done. */
export type CameraAction =
  | { readonly type: 'open' }
  | { readonly type: 'kill' }
  | { readonly type: 'up' }
  | { readonly type: 'down'; readonly reason: Reason };

export interface CameraMachine {
  readonly state: Exclude<CameraState, 'ended'>;
  readonly sinceMs: number;
  /** Failures in a row. */
  readonly failures: number;
  /** What made it stall, back off or be disabled. */
  readonly reason?: Reason;
  readonly nextTryMs?: number;
  readonly packets: Rhythm;
  readonly frames: Rhythm;
}

/** When something last came, and how far apart it usually comes: the mean of about the last ten. */
interface Rhythm {
  readonly lastMs?: number;
  readonly intervalMs?: number;
}

export interface Step {
  readonly machine: CameraMachine;
  readonly actions: readonly CameraAction[];
}

export function newMachine(nowMs: number): CameraMachine {
  return { state: 'backing-off', sinceMs: nowMs, failures: 0, packets: {}, frames: {} };
}

/**
 * The life of a live camera.
 *
 *              ┌───────── back-off is over ─────────┐
 *              ▼                                    │
 *   start ▶ starting ─── failed, ended: down ──▶ backing off ◀──────┐
 *              │  │                                 ▲               │ ended
 *   first frame: up └─ no packet 15 s, no picture 90 s: down, kill ─▶ stalled
 *              ▼                                    │               ▲
 *           running ───────── ended: down ──────────┘               │
 *              └─── no packet or no frame for too long: down, kill ─┤
 *                   size changed, late burst: down, kill ───────────┘
 *
 *   from everywhere: disable ▶ disabled (kill)
 *
 * Pure: `now` and `random` come from outside, and so do all effects.
 */
export function step(machine: CameraMachine, event: CameraEvent, nowMs: number, random: number): Step {
  if (machine.state === 'disabled') return { machine, actions: [] };
  switch (event.type) {
    case 'start':
      return opened(machine, nowMs);
    case 'packet':
      return stay({ ...machine, packets: beat(machine.packets, nowMs) });
    case 'frame':
      return framed(machine, nowMs);
    case 'ended':
      return ended(machine, event.reason, nowMs, random);
    case 'reopen':
      return machine.state === 'running' ? stalled(machine, event.reason, nowMs) : stay(machine);
    case 'tick':
      return ticked(machine, nowMs);
    case 'disable':
      return { machine: { ...machine, state: 'disabled', sinceMs: nowMs }, actions: [{ type: 'kill' }] };
  }
}

function stay(machine: CameraMachine): Step {
  return { machine, actions: [] };
}

function opened({ failures }: CameraMachine, nowMs: number): Step {
  return { machine: { state: 'starting', sinceMs: nowMs, failures, packets: {}, frames: {} }, actions: [{ type: 'open' }] };
}

function framed(machine: CameraMachine, nowMs: number): Step {
  const next = { ...machine, frames: beat(machine.frames, nowMs) };
  if (machine.state !== 'starting') return stay(next);
  return { machine: { ...next, state: 'running', sinceMs: nowMs }, actions: [{ type: 'up' }] };
}

function ended(machine: CameraMachine, reason: Reason, nowMs: number, random: number): Step {
  const told = machine.state === 'stalled';
  const why = told ? (machine.reason as Reason) : reason;
  const failures = wasHealthy(machine, nowMs) ? 1 : machine.failures + 1;
  const nextTryMs = nowMs + retryDelayMs(why.cause, failures, random);
  const { packets, frames } = machine;
  const next: CameraMachine = { state: 'backing-off', sinceMs: nowMs, failures, reason: why, nextTryMs, packets, frames };
  return { machine: next, actions: told ? [] : [{ type: 'down', reason: why }] };
}

/** Judged when it stopped to run: `sinceMs` of `running`, or what `stalled` carried over. */
function wasHealthy({ state, sinceMs, failures }: CameraMachine, nowMs: number): boolean {
  return failures === 0 || (state === 'running' && nowMs - sinceMs >= HEALTHY_MS);
}

function stalled(machine: CameraMachine, reason: Reason, nowMs: number): Step {
  const failures = wasHealthy(machine, nowMs) ? 0 : machine.failures;
  const next: CameraMachine = { ...machine, state: 'stalled', sinceMs: nowMs, failures, reason };
  return { machine: next, actions: [{ type: 'down', reason }, { type: 'kill' }] };
}

function ticked(machine: CameraMachine, nowMs: number): Step {
  if (machine.state === 'backing-off')
    return nowMs >= (machine.nextTryMs ?? Number.POSITIVE_INFINITY) ? opened(machine, nowMs) : stay(machine);
  if (machine.state === 'stalled') return stay(machine);
  const late = lateness(machine, nowMs);
  return late === undefined ? stay(machine) : stalled(machine, { cause: 'timeout', detail: late }, nowMs);
}

/** What has not come in time, in words. */
function lateness({ state, sinceMs, packets, frames }: CameraMachine, nowMs: number): string | undefined {
  const [sincePacket, sinceFrame] = [nowMs - (packets.lastMs ?? sinceMs), nowMs - (frames.lastMs ?? sinceMs)];
  if (sincePacket > limitMs(packets)) return `no packet for ${seconds(sincePacket)}`;
  if (state === 'running' && sinceFrame > limitMs(frames)) return `no frame for ${seconds(sinceFrame)}`;
  if (state === 'starting' && sinceFrame > FIRST_FRAME_LIMIT_MS) return `packets come, but no picture for ${seconds(sinceFrame)}`;
  return undefined;
}

/** Before its rhythm is known, a source gets the time of a start. */
function limitMs({ intervalMs }: Rhythm): number {
  return intervalMs === undefined ? START_LIMIT_MS : Math.max(STALL_LIMIT_MS, STALL_INTERVALS * intervalMs);
}

function beat({ lastMs, intervalMs }: Rhythm, nowMs: number): Rhythm {
  if (lastMs === undefined) return { lastMs: nowMs };
  const interval = nowMs - lastMs;
  return { lastMs: nowMs, intervalMs: intervalMs === undefined ? interval : intervalMs + (interval - intervalMs) / STALL_INTERVALS };
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
