import type { Box, TrackedObject } from '../../../../engine/records/record.ts';
import { trackColour, trackNumber } from '../track-colour.ts';
import type { Trails } from './trails.ts';

type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

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
/** Pixels between two points of a trail, at least. */
const TRAIL_STEP = 3;

interface Point {
  readonly x: number;
  readonly y: number;
}

/** The largest area of this aspect in the middle of a box: where `object-fit: contain` puts the picture. */
export function containedIn(box: { readonly width: number; readonly height: number }, aspect: number): Area {
  const width = Math.min(box.width, box.height * aspect);
  const height = width / aspect;
  return { x: (box.width - width) / 2, y: (box.height - height) / 2, width, height };
}

/**
 * Boxes, short trails and labels. Lines are drawn twice, dark under coloured, so that they can be seen on any picture. A track
 * that is not yet trusted has a dashed line and no label.
 */
export function drawOverlay(context: Context, area: Area, objects: readonly TrackedObject[], trails: Trails): void {
  context.lineJoin = 'round';
  context.lineCap = 'round';
  const confirmed = objects.filter(({ state }) => state === 'confirmed');
  for (const object of objects) if (object.state !== 'confirmed') drawNew(context, area, object);
  for (const object of confirmed) drawTrail(context, area, object, trails);
  for (const object of confirmed) drawBox(context, area, object);
  const placed: Area[] = [];
  for (const object of confirmed) drawLabel(context, area, object, placed);
}

function drawTrail(context: Context, area: Area, { track }: TrackedObject, trails: Trails): void {
  const points = onlyFarApart(trails.of(track).map(({ x, y }) => ({ x: area.x + x * area.width, y: area.y + y * area.height })));
  if (points.length < 2) return;
  context.beginPath();
  for (const { x, y } of points) context.lineTo(x, y);
  context.globalAlpha = 0.75;
  twice(context, trackColour(track), 1.5, () => context.stroke());
  context.globalAlpha = 1;
}

/** Without what nobody could see: half of a trail's cost is its corners. The last point stays. */
function onlyFarApart(points: readonly Point[]): Point[] {
  const kept: Point[] = [];
  for (const point of points.toReversed()) {
    const last = kept.at(-1);
    if (last === undefined || Math.hypot(point.x - last.x, point.y - last.y) >= TRAIL_STEP) kept.push(point);
  }
  return kept;
}

function drawBox(context: Context, area: Area, { box, track }: TrackedObject): void {
  const { x, y, width, height } = onCanvas(area, box);
  twice(context, trackColour(track), 2, () => context.strokeRect(x, y, width, height));
}

/** Seen, but not yet trusted. */
function drawNew(context: Context, area: Area, { box, track }: TrackedObject): void {
  const { x, y, width, height } = onCanvas(area, box);
  context.setLineDash([4, 5]);
  twice(context, trackColour(track), 1.25, () => context.strokeRect(x, y, width, height));
  context.setLineDash([]);
}

function onCanvas(area: Area, [x, y, width, height]: Box): Area {
  return { x: area.x + x * area.width, y: area.y + y * area.height, width: width * area.width, height: height * area.height };
}

/** Dark under coloured. */
function twice(context: Context, colour: string, width: number, stroke: () => void): void {
  context.strokeStyle = DARK;
  context.lineWidth = width + 2;
  stroke();
  context.strokeStyle = colour;
  context.lineWidth = width;
  stroke();
}

/** On a solid chip where it covers no other: the whole label, else only the number; where there is no such place, the number. */
function drawLabel(context: Context, area: Area, object: TrackedObject, placed: Area[]): void {
  context.font = FONT;
  context.textBaseline = 'middle';
  const box = onCanvas(area, object.box);
  const chipFor = (text: string) => placeChip(area, box, Math.ceil(text.length * characterWidth(context)) + 13, placed);
  const texts = area.width < SHORT_BELOW ? [labelText(object, true)] : [labelText(object, false), labelText(object, true)];
  const labels = texts.map((text) => ({ text, ...chipFor(text) }));
  const { text, chip } = labels.find(({ isFree }) => isFree) ?? (labels.at(-1) as (typeof labels)[number]);
  placed.push(chip);
  context.fillStyle = CHIP;
  context.beginPath();
  context.roundRect(chip.x, chip.y, chip.width, chip.height, 3);
  context.fill();
  context.fillStyle = trackColour(object.track);
  context.fillRect(chip.x + 4, chip.y + 4, 2, chip.height - 8);
  context.fillStyle = TEXT;
  context.fillText(text, chip.x + 9, chip.y + chip.height / 2 + 0.5);
}

/** All characters are of one width; measuring each label would take longer than drawing it. */
function characterWidth(context: Context): number {
  measuredWidth ??= context.measureText('0').width;
  return measuredWidth;
}

let measuredWidth: number | undefined;

/** Above the box, else below it, else inside. */
function placeChip(area: Area, box: Area, width: number, placed: readonly Area[]): { readonly chip: Area; readonly isFree: boolean } {
  const x = Math.max(area.x, Math.min(box.x - 1, area.x + area.width - width));
  const rows = [box.y - CHIP_HEIGHT - 3, box.y + box.height + 3, box.y + 3, box.y + box.height - CHIP_HEIGHT - 3];
  const chips = rows.map((y) => ({ x, y, width, height: CHIP_HEIGHT })).filter((chip) => isInside(chip, area));
  const free = chips.find((chip) => !placed.some((other) => overlap(chip, other)));
  return { chip: free ?? chips[0] ?? { x, y: area.y, width, height: CHIP_HEIGHT }, isFree: free !== undefined };
}

function isInside({ y, height }: Area, area: Area): boolean {
  return y >= area.y && y + height <= area.y + area.height;
}

function overlap(a: Area, b: Area): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

function labelText({ label, track, score }: TrackedObject, short: boolean): string {
  const number = trackNumber(track);
  return short ? `${number}` : `${label} ${number} ·${String(Math.min(99, Math.round(score * 100))).padStart(2, '0')}`;
}
