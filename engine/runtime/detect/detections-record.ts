import type { Detected } from '../../contract/detection.ts';
import type { Model } from '../../contract/model.ts';
import type { Frame } from '../../frames/frame.ts';
import { recordId } from '../../records/place.ts';
import type { DetectionsRecord } from '../../records/record.ts';

/** The record of a frame that was looked at. `waitedMs` is the time from its arrival to its answer in which it was neither decoded nor looked at. */
export function detectionsRecordOf(frame: Frame, detected: Detected, model: Model, waitedMs: number): DetectionsRecord {
  return {
    v: 1,
    type: 'detections',
    id: recordId(frame.camera, frame),
    camera: frame.camera,
    session: frame.session,
    seq: frame.seq,
    time: frame.time,
    clock: frame.clock,
    image: frame.image,
    model: { ...model.provenance, settings: frame.settings },
    objects: [...detected.objects],
    ...(detected.picture === undefined ? {} : { picture: detected.picture }),
    timing: { decoded: roundMs(frame.decodedMs), waited: roundMs(waitedMs), inferred: roundMs(detected.inferredMs) },
  };
}

function roundMs(ms: number): number {
  return Math.round(ms * 10) / 10;
}
