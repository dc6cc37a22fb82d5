import type { AlertRecord, GapReason, MarkRecord } from '../../../engine/records/record.ts';
import type { HistorySecond } from '../../history.ts';
import type { CameraFacts, Shed } from '../../protocol.ts';

/** A picture waits so long for its record, and no longer. */
const BEHIND_MS = 1000;
/** A camera that gives no frame for so long has a cause of its own. */
const STALLED_MS = 5000;
const MINUTE_MS = 60_000;

/** What a picture's age is called: milliseconds while they matter, then seconds, minutes, hours. */
export function ageWords(ms: number): string {
  if (ms < 10_000) return `${Math.max(0, Math.round(ms))} ms`;
  return `${durationWords(ms)} old`;
}

export function durationWords(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} days`;
}

/** "10 of 10 fps": a tenth counts where there are few. */
export function fpsWords(fps: number, targetFps: number): string {
  return `${targetFps < 5 ? fps : Math.round(fps)} of ${targetFps} fps`;
}

/** Why a tile is grey: what happened and since when; what is known of the cause; what the system does about it. */
export interface Silence {
  readonly title: string;
  readonly cause?: string;
  readonly next?: string;
}

export function silenceWords(camera: CameraFacts, lastPictureAt: number | undefined, now: number): Silence {
  const { state, detail } = camera;
  const next = nextWords(camera, now);
  const cause = detail === undefined ? behindWords(camera, now) : { cause: sentence(detail) };
  if (state === 'disabled') return { title: 'Disabled', cause: 'It is kept in the configuration and left alone.' };
  if (state === 'ended') return { title: 'The recording has ended', ...cause };
  if (camera.viewWidth === 0)
    return { title: 'No pictures for people', cause: 'They are switched off for this camera; its records go on.' };
  if (lastPictureAt === undefined) return { title: state === 'starting' ? 'Connecting …' : 'No picture yet', ...cause, ...next };
  return { title: `No picture since ${timeWords(lastPictureAt)}`, ...cause, ...next };
}

/** Why every tile is grey while the server does not answer. */
export function unlinkedWords(lastPictureAt: number | undefined): Silence {
  return { title: 'Reconnecting …', ...(lastPictureAt === undefined ? {} : { cause: `No picture since ${timeWords(lastPictureAt)}.` }) };
}

/** Of a camera that gives frames, which are looked at too late for a picture. */
function behindWords({ state, lastFrameAt }: CameraFacts, now: number): Pick<Silence, 'cause'> {
  const behindMs = lastFrameAt === undefined ? 0 : now - lastFrameAt;
  if (state !== 'running' || behindMs < BEHIND_MS || behindMs > STALLED_MS) return {};
  return { cause: `Its frames are looked at ${(behindMs / 1000).toFixed(1)} s late: the machine has too much to do.` };
}

/** What is done about it. */
function nextWords({ state, detail, nextTryAt }: CameraFacts, now: number): Pick<Silence, 'next'> {
  if (nextTryAt !== undefined && nextTryAt - now >= 1000) return { next: `Next try in ${durationWords(nextTryAt - now)}.` };
  return nextTryAt !== undefined || (state === 'starting' && detail !== undefined) ? { next: 'Trying again now.' } : {};
}

/** With a capital at the start and a full stop at the end. */
export function sentence(text: string): string {
  const trimmed = text.trim();
  return `${trimmed.slice(0, 1).toUpperCase()}${trimmed.slice(1)}${/[.!?…]$/.test(trimmed) ? '' : '.'}`;
}

const REASONS: Readonly<Record<GapReason, string>> = {
  stale: 'too old when their turn came',
  overload: 'a newer one came first',
  still: 'nothing moved',
  failed: 'could not be looked at',
  lost: 'lost in a crash',
  broker: 'the broker was away',
  decode: 'could not be decoded',
  skipped: 'left out on purpose',
};

export function reasonWords(reason: string): string {
  return REASONS[reason as GapReason] ?? reason;
}

/** Frames of the last minute that were not looked at: the number, and the reasons in words. */
export function shedWords(shed: Shed): { readonly total: number; readonly reasons: string } {
  const entries = Object.entries(shed);
  const total = entries.reduce((sum, [, frames]) => sum + frames, 0);
  return { total, reasons: entries.map(([reason, frames]) => `${frames} ${reasonWords(reason)}`).join(', ') };
}

/** Of the frames of a camera's last minute, how many were looked at; `undefined` before anything was said about it. */
export function lookedWords(seconds: readonly HistorySecond[]): string | undefined {
  const newest = seconds.at(-1)?.time;
  if (newest === undefined) return undefined;
  const minute = seconds.filter(({ time }) => time > newest - MINUTE_MS);
  const looked = minute.reduce((sum, { frames }) => sum + frames, 0);
  const skipped = minute.reduce((sum, { gaps }) => sum + shedWords(gaps).total, 0);
  return `${looked} of ${looked + skipped}`;
}

const KINDS: Readonly<Record<AlertRecord['kind'], readonly [open: string, closed: string]>> = {
  'camera-down': ['Blind', 'Back'],
  'camera-degraded': ['Degraded', 'Recovered'],
};

/** One word: what is wrong, or that it no longer is. */
export function alertWords({ kind, state }: Pick<AlertRecord, 'kind' | 'state'>): string {
  return KINDS[kind]?.[state === 'closed' ? 1 : 0] ?? kind;
}

const MARKS: Readonly<Record<MarkRecord['mark'], string>> = {
  up: 'Frames come',
  down: 'No frames',
  end: 'Ended',
  heartbeat: 'Heartbeat',
  settings: 'Settings changed',
  clock: 'Clock corrected',
};

export function markSentence({ mark, detail }: Pick<MarkRecord, 'mark' | 'detail'>): string {
  return sentence(detail === undefined ? MARKS[mark] : `${MARKS[mark]}: ${detail}`);
}

const TIME = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false });
const MOMENT = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium', hour12: false });
const ZONE = new Intl.DateTimeFormat('en', { timeZoneName: 'short', hour: '2-digit' });

export function timeWords(ms: number): string {
  return TIME.format(ms);
}

export function momentWords(ms: number): string {
  return MOMENT.format(ms);
}

export function zoneWords(ms: number): string {
  return ZONE.formatToParts(ms).find(({ type }) => type === 'timeZoneName')?.value ?? '';
}

/** Relative when recent, the time of day today, else the date too. */
export function sinceWords(ms: number, now: number): string {
  const elapsedMs = now - ms;
  if (elapsedMs < 3_600_000) return `${durationWords(Math.max(0, elapsedMs))} ago`;
  return elapsedMs < 12 * 3_600_000 ? timeWords(ms) : momentWords(ms);
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

export function bytesWords(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  const amount = bytes / 2 ** (10 * power);
  return `${amount.toFixed(power === 0 || amount >= 100 ? 0 : 1)} ${UNITS[power]}`;
}

/** Counts over 10 000 are shortened; show the exact one on hover. */
export function countWords(count: number): string {
  return count > 10_000 ? new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 }).format(count) : String(count);
}
