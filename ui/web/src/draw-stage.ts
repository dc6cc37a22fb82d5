import type { TrackedObject } from '../../../engine/records/record.ts';
import { containedIn, drawOverlay } from './draw-overlay.ts';
import type { Feed, Shown } from './live/feed.ts';

/** In CSS pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

export function drawPicture(canvas: HTMLCanvasElement, { picture }: Shown): void {
  if (canvas.width !== picture.width) canvas.width = picture.width;
  if (canvas.height !== picture.height) canvas.height = picture.height;
  canvas.getContext('2d', { alpha: false })?.drawImage(picture.source, 0, 0);
}

/** @param size of the canvas as it is shown: given, since asking for it would make the browser lay out the page for every picture. */
export function drawBoxes(canvas: HTMLCanvasElement, size: Size, feed: Feed, { picture }: Shown, objects: readonly TrackedObject[]): void {
  const [pixelsAcross, pixelsDown] = [Math.round(size.width * devicePixelRatio), Math.round(size.height * devicePixelRatio)];
  if (canvas.width !== pixelsAcross) canvas.width = pixelsAcross;
  if (canvas.height !== pixelsDown) canvas.height = pixelsDown;
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
  context.clearRect(0, 0, size.width, size.height);
  drawOverlay(context, containedIn(size, picture.width / picture.height), objects, feed.trails);
}
