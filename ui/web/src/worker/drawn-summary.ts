import type { DrawnPicture } from '../live/messages.ts';

/** So often at most: faster nobody reads. */
const EVERY_MS = 250;

/** Tells of drawn pictures, all cameras together: at once after a pause, else four times a second, and always the newest of each. */
export class DrawnSummary {
  private readonly tell: (pictures: readonly DrawnPicture[]) => void;
  private readonly waiting = new Map<string, DrawnPicture>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(tell: (pictures: readonly DrawnPicture[]) => void) {
    this.tell = tell;
  }

  add(picture: DrawnPicture): void {
    this.waiting.set(picture.camera, picture);
    this.timer ??= setTimeout(() => this.flush(), 0);
  }

  private flush(): void {
    this.timer = undefined;
    if (this.waiting.size === 0) return;
    this.tell([...this.waiting.values()]);
    this.waiting.clear();
    this.timer = setTimeout(() => this.flush(), EVERY_MS);
  }
}
