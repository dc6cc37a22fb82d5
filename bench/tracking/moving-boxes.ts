import type { DetectedObject, DetectionsRecord } from '../../engine/records/record.ts';
import { detectionsAt } from './detections-at.ts';
import { type SeededRandom, seededRandom } from './seeded-random.ts';

const PER_PICTURE = 30;
const MISSED = 0.05;
const FAINT = 0.1;

interface MovingBox {
  x: number;
  y: number;
  dx: number;
  dy: number;
  readonly width: number;
  readonly height: number;
}

/** Records of boxes that move evenly and bounce off the border, 30 of them on each 1920×1080 pixels; the picture grows with their number. */
export function movingBoxes(objects: number, frames: number, seed: number): DetectionsRecord[] {
  const random = seededRandom(seed);
  const scale = Math.sqrt(objects / PER_PICTURE);
  const image = { width: Math.round(1920 * scale), height: Math.round(1080 * scale) };
  const boxes = Array.from({ length: objects }, () => randomBox(random, image));
  return Array.from({ length: frames }, (_, frame) => {
    for (const box of boxes) move(box, image);
    const seen = boxes.filter(() => random.next() >= MISSED).map((box) => detected(box, image, random));
    return detectionsAt(frame, Math.round((frame * 1000) / 30), seen, image);
  });
}

function randomBox(random: SeededRandom, image: { width: number; height: number }): MovingBox {
  const width = random.between(40, 90);
  const height = random.between(80, 180);
  return {
    x: random.between(0, image.width - width),
    y: random.between(0, image.height - height),
    dx: random.between(-4, 4),
    dy: random.between(-4, 4),
    width,
    height,
  };
}

function move(box: MovingBox, image: { width: number; height: number }): void {
  if (box.x + box.dx < 0 || box.x + box.dx + box.width > image.width) box.dx = -box.dx;
  if (box.y + box.dy < 0 || box.y + box.dy + box.height > image.height) box.dy = -box.dy;
  box.x += box.dx;
  box.y += box.dy;
}

function detected(box: MovingBox, image: { width: number; height: number }, random: SeededRandom): DetectedObject {
  const score = random.next() < FAINT ? random.between(0.15, 0.45) : random.between(0.6, 0.95);
  return {
    label: 'parcel',
    score,
    box: [box.x / image.width, box.y / image.height, box.width / image.width, box.height / image.height],
  };
}
