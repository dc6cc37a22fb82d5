import type { DetectedObject, ImageSize } from '../../engine/records/record.ts';
import { labelIndex, type TrackerState } from './tracker-state.ts';

/** The detections of one frame in columns. Boxes are left, top, right, bottom in heights of the picture. Reused from frame to frame. */
export class Look {
  count = 0;
  boxes = new Float64Array(4 * 64);
  score = new Float64Array(64);
  label = new Uint16Array(64);

  load(objects: readonly DetectedObject[], aspect: number, state: TrackerState): void {
    if (this.score.length < objects.length) this.reserve(2 * objects.length);
    this.count = objects.length;
    for (let i = 0; i < objects.length; i++) {
      const { box, score, label } = objects[i];
      this.boxes[4 * i] = box[0] * aspect;
      this.boxes[4 * i + 1] = box[1];
      this.boxes[4 * i + 2] = (box[0] + box[2]) * aspect;
      this.boxes[4 * i + 3] = box[1] + box[3];
      // A box without an area cannot overlap anything: it is passed over like one of too low a score.
      this.score[i] = box[2] > 0 && box[3] > 0 ? score : -1;
      this.label[i] = labelIndex(state, label);
    }
  }

  private reserve(capacity: number): void {
    this.boxes = new Float64Array(4 * capacity);
    this.score = new Float64Array(capacity);
    this.label = new Uint16Array(capacity);
  }
}

export function aspectOf({ width, height }: ImageSize): number {
  return width / height;
}
