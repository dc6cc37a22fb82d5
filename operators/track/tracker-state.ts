import { DEFAULT_TRACK_SETTINGS, type TrackSettings } from './track-settings.ts';
import { createTrackTable, type TrackTable } from './track-table.ts';

/** Everything that the tracker keeps of one camera: plain data. Times in milliseconds. */
export interface TrackerState {
  camera: string;
  /** The session in which the live tracks began; -1 before the first record. */
  session: number;
  /** The number of the next track. It only rises, over all sessions: an id is never given twice. */
  nextNumber: number;
  settings: TrackSettings;
  /** Event time of the last look, of the end of the last gap, or of the last correction of the clock. */
  time: number;
  /** Event time that did not count as elapsed: still stretches and corrections of the clock. */
  pausedMs: number;
  /** The tracker's own clock (event time - `pausedMs`) at the last look. */
  lookMs: number;
  /** True when frames were missed since the last look. */
  blind: boolean;
  /** Width of the picture in heights of the picture; 0 before the first look. */
  aspect: number;
  /** Names of the labels in `table`. */
  labels: string[];
  table: TrackTable;
}

export function createTrackerState(camera: string): TrackerState {
  return {
    camera,
    session: -1,
    nextNumber: 1,
    settings: DEFAULT_TRACK_SETTINGS,
    time: 0,
    pausedMs: 0,
    lookMs: 0,
    blind: false,
    aspect: 0,
    labels: [],
    table: createTrackTable(),
  };
}

/** Ends all tracks: what comes next shows other objects, or the same ones elsewhere. Numbers go on. */
export function endAllTracks(state: TrackerState): void {
  state.table = createTrackTable();
  state.labels = [];
  state.blind = false;
}

/** Frames up to `until` were not seen, and time went on. */
export function missFrames(state: TrackerState, until: number): void {
  state.time = Math.max(state.time, until);
  state.blind = true;
}

/** Frames up to `until` were not looked at because nothing moved: for the tracker that time did not pass. */
export function standStill(state: TrackerState, until: number): void {
  state.pausedMs += Math.max(0, until - state.time);
  state.time = Math.max(state.time, until);
}

/**
 * The clock was corrected by `correctionMs` before `time`. Set forward (above 0), event time leaps with it, and for the tracker that time
 * did not pass; set back, or right again after that, event time runs on. So no more can have leapt than lies between the last time known
 * and this one.
 */
export function leapAhead(state: TrackerState, time: number, correctionMs: number): void {
  state.pausedMs += Math.max(0, Math.min(correctionMs, time - state.time));
  state.time = Math.max(state.time, time);
}

/** A look at event time `time`: sets the clock and returns how much of the tracker's own time has passed since the last look. */
export function advanceTo(state: TrackerState, time: number): number {
  const elapsedMs = Math.max(0, time - state.pausedMs - state.lookMs);
  state.lookMs += elapsedMs;
  state.pausedMs = time - state.lookMs;
  state.time = time;
  return elapsedMs;
}

export function labelIndex(state: TrackerState, label: string): number {
  const known = state.labels.indexOf(label);
  return known >= 0 ? known : state.labels.push(label) - 1;
}
