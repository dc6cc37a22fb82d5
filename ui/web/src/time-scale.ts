import type { GapReason } from '../../../engine/records/record.ts';
import type { CameraHistoryAnswer, HistorySecond } from '../../history.ts';
import type { Alert } from './live/alert-list.ts';

export const SPAN_MS = 600_000;
const SECOND_MS = 1000;

/** The ten minutes that a time line shows: `[startMs, endMs)` of event time. */
export interface TimeScale {
  readonly startMs: number;
  readonly endMs: number;
  /** Where a time lies, 0 at the start and 1 at the end. */
  share(time: number): number;
}

/** Ends with the newest second of the history, or with the given moment when that is later than it. */
export function timeScale(newestMs: number): TimeScale {
  const endMs = newestMs + SECOND_MS;
  const startMs = endMs - SPAN_MS;
  return { startMs, endMs, share: (time) => (time - startMs) / SPAN_MS };
}

/** The second that a moment lies in, if anything was said in it. */
export function secondAt({ seconds }: CameraHistoryAnswer, time: number): HistorySecond | undefined {
  const begin = Math.floor(time / SECOND_MS) * SECOND_MS;
  return seconds.find((second) => second.time === begin);
}

export function meanObjects({ frames, objects }: HistorySecond): number {
  return frames === 0 ? 0 : objects / frames;
}

/** Why frames were not looked at, by what it means: too much to do, something broke, nobody wanted them. */
export const LOSS_KINDS = ['busy', 'broken', 'wanted'] as const;
type LossKind = (typeof LOSS_KINDS)[number];

const KIND_OF: Readonly<Record<GapReason, LossKind>> = {
  stale: 'busy',
  overload: 'busy',
  failed: 'broken',
  lost: 'broken',
  broker: 'broken',
  decode: 'broken',
  still: 'wanted',
  skipped: 'wanted',
};

/** Seconds without a break in which frames were lost, mostly for one kind of reason. */
export interface LossRun {
  readonly kind: LossKind;
  readonly fromMs: number;
  readonly toMs: number;
}

export function lossRuns(seconds: readonly HistorySecond[]): LossRun[] {
  const runs: LossRun[] = [];
  for (const { time, gaps } of seconds) {
    const kind = mainKind(gaps);
    const before = runs.at(-1);
    if (kind === undefined) continue;
    if (before?.kind === kind && before.toMs === time) runs[runs.length - 1] = { ...before, toMs: time + SECOND_MS };
    else runs.push({ kind, fromMs: time, toMs: time + SECOND_MS });
  }
  return runs;
}

/** The kind of most of the lost frames. */
function mainKind(gaps: HistorySecond['gaps']): LossKind | undefined {
  const [first] = Object.entries(gaps).sort(([, a], [, b]) => b - a);
  return first && KIND_OF[first[0] as GapReason];
}

/** An alert as it lies on a time line; an open one goes on to the end. */
export interface AlertSpan {
  readonly alert: Alert;
  readonly fromMs: number;
  readonly toMs: number;
}

/** The alerts of a camera that reach into the shown time, the oldest first. */
export function alertSpans(alerts: readonly Alert[], camera: string, { startMs, endMs }: TimeScale): AlertSpan[] {
  return alerts
    .filter((alert) => alert.camera === camera)
    .map((alert) => ({ alert, fromMs: alert.since, toMs: alert.state === 'closed' ? alert.time : Math.max(endMs, alert.since) }))
    .filter(({ fromMs, toMs }) => toMs >= startMs && fromMs < endMs)
    .sort((a, b) => a.fromMs - b.fromMs);
}

/** The newest alert that was open at a moment. */
export function alertAt(alerts: readonly Alert[], camera: string, time: number): Alert | undefined {
  return alerts
    .filter((alert) => alert.camera === camera && alert.since <= time && (alert.state !== 'closed' || alert.time >= time))
    .sort((a, b) => b.since - a.since)[0];
}
