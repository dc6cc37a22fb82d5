import type { KeyedOperator } from '../../engine/contract/operator.ts';
import type { DetectionsRecord, GapRecord, MarkRecord, TracksRecord } from '../../engine/records/record.ts';
import { ByteTrack } from './byte-track.ts';
import { aspectOf, Look } from './look.ts';
import { parseTrackSettings } from './track-settings.ts';
import { createTrackerState, endAllTracks, leapAhead, missFrames, standStill, type TrackerState } from './tracker-state.ts';
import { tracksRecord } from './tracks-record.ts';

/** Width by height may differ by so much and still be the same picture (coded heights are multiples of 8 or 16: 1088 for 1080). */
const SAME_ASPECT = 0.01;

/**
 * Tracking as a keyed operator: every `detections` record becomes a `tracks` record of the same place, gaps and marks are passed on
 * unchanged. What each gap and mark does to the tracks stands in the table of the README beside this file.
 */
export function createTrackOperator(): KeyedOperator<TrackerState, 'detections', 'tracks'> {
  const look = new Look();
  const byteTrack = new ByteTrack();
  return {
    name: 'track',
    stateVersion: 1,
    consumes: 'detections',
    emits: ['tracks'],
    initial: createTrackerState,
    process(record, state, out) {
      enterSession(state, record.session);
      out.emit('tracks', record.type === 'detections' ? follow(record, state, look, byteTrack) : passOn(record, state));
    },
  };
}

/** A session that is not the one of the tracks ends them, also where its `up` was lost. */
function enterSession(state: TrackerState, session: number): void {
  if (session !== state.session) endAllTracks(state);
  state.session = session;
}

function follow(record: DetectionsRecord, state: TrackerState, look: Look, byteTrack: ByteTrack): TracksRecord {
  enterPicture(state, aspectOf(record.image));
  look.load(record.objects, state.aspect, state);
  byteTrack.follow(state, look, record.time);
  return tracksRecord(record, state, byteTrack);
}

/** Boxes are relative, so another resolution changes nothing; another shape means that the camera shows something else. */
function enterPicture(state: TrackerState, aspect: number): void {
  if (Math.abs(aspect - state.aspect) <= SAME_ASPECT * state.aspect) return;
  endAllTracks(state);
  state.aspect = aspect;
}

function passOn(record: GapRecord | MarkRecord, state: TrackerState): GapRecord | MarkRecord {
  if (record.type === 'mark') applyMark(record, state);
  else if (record.reason === 'still') standStill(state, record.until);
  else missFrames(state, record.until);
  return record;
}

function applyMark(record: MarkRecord, state: TrackerState): void {
  switch (record.mark) {
    case 'up':
    case 'down':
    case 'end':
      endAllTracks(state);
      return;
    case 'settings':
      state.settings = parseTrackSettings(record.settings?.['track']);
      return;
    case 'clock':
      leapAhead(state, record.time, record.correctionMs ?? 0);
      return;
    case 'heartbeat':
      return;
  }
}
