export { createTrackOperator } from './track.ts';
export { DEFAULT_TRACK_SETTINGS, type TrackSettings, trackSettings } from './track-settings.ts';
export type { TrackerState } from './tracker-state.ts';
