import { recordId } from '../../engine/records/place.ts';
import type { DetectedObject, DetectionsRecord, ImageSize } from '../../engine/records/record.ts';

const CAMERA = 'scene';
const SESSION = 1;

/** A `detections` record of a generated scene. */
export function detectionsAt(seq: number, time: number, objects: DetectedObject[], image: ImageSize): DetectionsRecord {
  return {
    v: 1,
    type: 'detections',
    id: recordId(CAMERA, { session: SESSION, seq }),
    camera: CAMERA,
    session: SESSION,
    seq,
    time,
    clock: 'recording',
    image,
    model: { name: 'scene', version: '1', sha256: '0'.repeat(64), dataset: 'scene', settings: '0' },
    objects,
    timing: { decoded: 0, waited: 0, inferred: 0 },
  };
}
