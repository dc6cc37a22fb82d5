import type { Emitter } from '../../engine/contract/operator.ts';
import type { MarkRecord, TracksRecord } from '../../engine/records/record.ts';
import { createTrackOperator, type TrackSettings } from '../../operators/track/index.ts';
import { detectionsAt } from './detections-at.ts';
import type { Scene } from './scene.ts';

/** One row a confirmed object: number of the track, left, top, width, height in pixels. */
type TrackedRow = readonly [number, number, number, number, number];

/** Our tracker over a scene: what a reference tracker reports too, confirmed objects seen in the frame. */
export function ourTracks(scene: Scene, settings: Partial<TrackSettings>): TrackedRow[][] {
  const operator = createTrackOperator();
  const state = operator.initial('scene');
  const frames: TrackedRow[][] = [];
  const out: Emitter<'tracks'> = {
    place: { session: 1, seq: 0 },
    emit: (_topic, record) => void (record.type === 'tracks' && frames.push(confirmedRows(record))),
    wakeAt() {},
    table() {},
  };
  operator.process(settingsMark(settings), state, out);
  scene.frames.forEach(({ time, detections }, i) => {
    operator.process(detectionsAt(i + 1, time, [...detections], scene.image), state, out);
  });
  return frames;
}

function confirmedRows({ objects, image }: TracksRecord): TrackedRow[] {
  return objects
    .filter(({ state }) => state === 'confirmed')
    .map(({ track, box: [x, y, width, height] }) => [
      Number(track.split('/')[2]),
      x * image.width,
      y * image.height,
      width * image.width,
      height * image.height,
    ]);
}

function settingsMark(track: Partial<TrackSettings>): MarkRecord {
  return {
    v: 1,
    type: 'mark',
    mark: 'settings',
    id: 'scene/1/0',
    camera: 'scene',
    session: 1,
    seq: 0,
    time: 0,
    hash: '0',
    settings: { track },
  };
}
