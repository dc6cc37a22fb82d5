import type { DetectedObject, ImageSize } from '../../engine/records/record.ts';
import type { PixelBox } from './scene.ts';
import type { SeededRandom } from './seeded-random.ts';

/** How badly the simulated detector sees. Shares are per object and frame. */
export interface Detector {
  /** Share of visible objects that are missed. */
  readonly missed: number;
  /** Share of objects that get a low score, 0.15…0.45, though well visible. */
  readonly faint: number;
  /** Deviation of every edge, in shares of the box's size. */
  readonly jitter: number;
  /** False boxes a frame, on average. */
  readonly clutter: number;
}

const LEAST_VISIBLE = 0.25;

/** The detection of an object of which a share is visible; undefined when it is missed. The less is visible, the lower the score. */
export function detect(
  box: PixelBox,
  visible: number,
  image: ImageSize,
  detector: Detector,
  random: SeededRandom,
): DetectedObject | undefined {
  if (visible < LEAST_VISIBLE || random.next() < detector.missed) return undefined;
  const faint = random.next() < detector.faint || visible < 0.6;
  const score = faint ? random.between(0.15, 0.45) : random.between(0.62, 0.97);
  return relative(shaken(box, detector.jitter, random), score, image);
}

/** False boxes: anywhere, of any size, mostly of low score. */
export function clutter(image: ImageSize, detector: Detector, random: SeededRandom): DetectedObject[] {
  const found: DetectedObject[] = [];
  for (let chance = detector.clutter; chance > 0; chance--) {
    if (random.next() >= chance) continue;
    const width = random.between(30, 120);
    const height = random.between(30, 120);
    const box: PixelBox = [random.between(0, image.width - width), random.between(0, image.height - height), width, height];
    const falseBox = relative(box, random.next() < 0.3 ? random.between(0.5, 0.75) : random.between(0.1, 0.5), image);
    if (falseBox !== undefined) found.push(falseBox);
  }
  return found;
}

function shaken([left, top, width, height]: PixelBox, jitter: number, random: SeededRandom): PixelBox {
  const right = left + width + random.normal() * jitter * width;
  const bottom = top + height + random.normal() * jitter * height;
  const newLeft = left + random.normal() * jitter * width;
  const newTop = top + random.normal() * jitter * height;
  return [newLeft, newTop, right - newLeft, bottom - newTop];
}

/** In shares of the picture and inside it, rounded as the detector rounds; undefined when nothing is left inside. */
function relative([left, top, width, height]: PixelBox, score: number, image: ImageSize): DetectedObject | undefined {
  const x = clip(left / image.width);
  const y = clip(top / image.height);
  const right = clip((left + width) / image.width);
  const bottom = clip((top + height) / image.height);
  if (right - x < 1e-4 || bottom - y < 1e-4) return undefined;
  return { label: 'parcel', score: round(score, 1e4), box: [x, y, round(right - x, 1e5), round(bottom - y, 1e5)] };
}

function clip(value: number): number {
  return round(Math.min(1, Math.max(0, value)), 1e5);
}

function round(value: number, steps: number): number {
  return Math.round(value * steps) / steps;
}
