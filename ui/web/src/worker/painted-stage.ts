import type { TrackedObject } from '../../../../engine/records/record.ts';
import type { NewStage, StageCanvas, StageSize } from '../live/messages.ts';
import { seenObjects } from '../seen-objects.ts';
import { containedIn, drawOverlay } from './draw-overlay.ts';
import type { Feed } from './feed.ts';

/** One canvas of the page: the newest picture of a camera and the boxes of that very frame, drawn in one go. */
export class PaintedStage {
  readonly camera: string;
  readonly withRecord: boolean;
  readonly canvas: StageCanvas;
  readonly feed: Feed;
  private size: StageSize = { width: 0, height: 0, ratio: 1 };
  /** The picture that is no longer live, if any. */
  private dimmed: Feed['newest'];

  constructor({ camera, withRecord, canvas }: NewStage, feed: Feed) {
    this.camera = camera;
    this.withRecord = withRecord;
    this.canvas = canvas;
    this.feed = feed;
  }

  resize(size: StageSize): void {
    this.size = size;
    this.canvas.width = Math.round(size.width * size.ratio);
    this.canvas.height = Math.round(size.height * size.ratio);
  }

  /** What is shown now has no boxes from now on; the next picture has. */
  dim(): void {
    this.dimmed = this.feed.newest;
  }

  /** @returns what boxes were drawn of; `undefined` when nothing was drawn. */
  draw(withBoxes: boolean): readonly TrackedObject[] | undefined {
    const { newest, trails } = this.feed;
    const context = this.canvas.getContext('2d') as CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D | null;
    if (newest === undefined || context === null || this.canvas.width === 0) return undefined;
    const { picture, header } = newest;
    const area = containedIn(this.size, picture.width / picture.height);
    const objects = withBoxes && this.dimmed !== newest ? seenObjects(header.record) : [];
    context.setTransform(this.size.ratio, 0, 0, this.size.ratio, 0, 0);
    if (area.x > 0 || area.y > 0) context.clearRect(0, 0, this.size.width, this.size.height);
    context.drawImage(picture, area.x, area.y, area.width, area.height);
    drawOverlay(context, area, objects, trails);
    return objects;
  }
}
