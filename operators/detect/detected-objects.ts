import type { Letterbox } from '../../engine/frames/frame.ts';
import type { Box, DetectedObject } from '../../engine/records/record.ts';
import type { Detection } from './yolo-decode.ts';

const SCORE_DECIMALS = 4;
const BOX_DECIMALS = 5;

/**
 * From pixels of the model's input to the record: through the letterbox to 0…1 of the source picture, clipped to it, scores rounded to
 * 4 decimals and corners to 5 (a fiftieth of a pixel in 1920). Boxes that lie wholly outside the picture, in the grey bars, are left out.
 */
export function detectedObjects(detections: readonly Detection[], classes: readonly string[], letterbox: Letterbox): DetectedObject[] {
  return detections.flatMap((detection) => {
    const box = boxInSource(detection, letterbox);
    const label = classes[detection.classIndex];
    if (box === undefined || label === undefined) return [];
    return [{ label, score: round(detection.score, SCORE_DECIMALS), box }];
  });
}

function boxInSource({ x1, y1, x2, y2 }: Detection, letterbox: Letterbox): Box | undefined {
  const left = share(x1 - letterbox.x, letterbox.width);
  const top = share(y1 - letterbox.y, letterbox.height);
  // Corners are rounded, not sizes, so that x + width never leaves the picture.
  const width = round(share(x2 - letterbox.x, letterbox.width) - left, BOX_DECIMALS);
  const height = round(share(y2 - letterbox.y, letterbox.height) - top, BOX_DECIMALS);
  return width > 0 && height > 0 ? [left, top, width, height] : undefined;
}

function share(pixels: number, size: number): number {
  return round(Math.min(1, Math.max(0, pixels / size)), BOX_DECIMALS);
}

function round(value: number, decimals: number): number {
  const scale = 10 ** decimals;
  return Math.round(value * scale) / scale;
}
