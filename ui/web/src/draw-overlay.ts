import type { TrackedObject } from '../../../engine/records/record.ts';
import type { Trails } from './live/trails.ts';
import { trackColour, trackNumber } from './track-colour.ts';

/** Where the picture lies on the canvas, in CSS pixels. */
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const DARK = 'oklch(0.16 0 0)';
const CHIP = 'oklch(0.16 0 0 / 0.9)';
const TEXT = 'oklch(0.97 0 0)';
const CHIP_HEIGHT = 18;
const FONT = '500 12px ui-monospace, "SF Mono", "Cascadia Mono", "Roboto Mono", Menlo, Consolas, monospace';
/** On a picture narrower than this only the number stands at a box. */
const SHORT_BELOW = 420;

/** The largest area of this aspect in the middle of a box: where `object-fit: contain` puts the picture. */
export function containedIn(box: { readonly width: number; readonly height: number }, aspect: number): Area {
  const width = Math.min(box.width, box.height * aspect);
  const height = width / aspect;
  return { x: (box.width - width) / 2, y: (box.height - height) / 2, width, height };
}

/** Boxes, short trails and labels. Lines are drawn twice, dark under coloured, so that they can be seen on any picture. */
export function drawOverlay(context: CanvasRenderingContext2D, area: Area, objects: readonly TrackedObject[], trails: Trails): void {
  context.lineJoin = 'round';
  context.lineCap = 'round';
  for (const object of objects) drawTrail(context, area, object, trails);
  for (const object of objects) drawBox(context, area, object);
  for (const object of objects) if (object.state === 'confirmed') drawLabel(context, area, object);
}

function drawTrail(context: CanvasRenderingContext2D, area: Area, { track }: TrackedObject, trails: Trails): void {
  const points = trails.of(track);
  if (points.length < 2) return;
  context.beginPath();
  for (const { x, y } of points) context.lineTo(area.x + x * area.width, area.y + y * area.height);
  context.setLineDash([]);
  context.globalAlpha = 0.75;
  stroke(context, trackColour(track), 1.5);
  context.globalAlpha = 1;
}

/** Confirmed: a full line; not yet trusted or only predicted: a dashed one. */
function drawBox(context: CanvasRenderingContext2D, area: Area, { box, track, state }: TrackedObject): void {
  const [x, y, width, height] = box;
  context.beginPath();
  context.roundRect(area.x + x * area.width, area.y + y * area.height, width * area.width, height * area.height, 2);
  context.setLineDash(state === 'confirmed' ? [] : [4, 5]);
  stroke(context, trackColour(track), state === 'confirmed' ? 2 : 1.25);
  context.setLineDash([]);
}

function stroke(context: CanvasRenderingContext2D, colour: string, width: number): void {
  context.strokeStyle = DARK;
  context.lineWidth = width + 2;
  context.stroke();
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.stroke();
}

/** On a solid chip above the box, or inside where there is no room above. */
function drawLabel(context: CanvasRenderingContext2D, area: Area, object: TrackedObject): void {
  context.font = FONT;
  context.textBaseline = 'middle';
  const text = labelText(object, area.width < SHORT_BELOW);
  const width = Math.ceil(context.measureText(text).width) + 13;
  const left = area.x + object.box[0] * area.width - 1;
  const top = area.y + object.box[1] * area.height;
  const x = Math.max(area.x, Math.min(left, area.x + area.width - width));
  const y = top - CHIP_HEIGHT - 2 >= area.y ? top - CHIP_HEIGHT - 2 : top + 3;
  context.fillStyle = CHIP;
  context.beginPath();
  context.roundRect(x, y, width, CHIP_HEIGHT, 3);
  context.fill();
  context.fillStyle = trackColour(object.track);
  context.fillRect(x + 4, y + 4, 2, CHIP_HEIGHT - 8);
  context.fillStyle = TEXT;
  context.fillText(text, x + 9, y + CHIP_HEIGHT / 2 + 0.5);
}

function labelText({ label, track, score }: TrackedObject, short: boolean): string {
  const number = trackNumber(track);
  return short ? `${number}` : `${label} ${number} ·${String(Math.min(99, Math.round(score * 100))).padStart(2, '0')}`;
}
