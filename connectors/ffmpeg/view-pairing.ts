import { beginsCell } from './time-cells.ts';

/**
 * Brings each model frame together with the view of the same moment. Both come through pipes of their own, so either may be first; which
 * frames have a view follows from their times, by the same arithmetic as in ffmpeg.
 */
export class ViewPairing<F extends { readonly timeUs: number }, V extends { readonly timeUs: number }> {
  private readonly hasView: (timeUs: number) => boolean;
  private readonly deliver: (frame: F, view: V | undefined) => void;
  private readonly frames: { frame: F; hasView: boolean }[] = [];
  private readonly views: V[] = [];

  constructor(hasView: (timeUs: number) => boolean, deliver: (frame: F, view: V | undefined) => void) {
    this.hasView = hasView;
    this.deliver = deliver;
  }

  frame(frame: F): void {
    this.frames.push({ frame, hasView: this.hasView(frame.timeUs) });
    this.match();
  }

  view(view: V): void {
    this.views.push(view);
    this.match();
  }

  /** Nothing more comes: what waits goes without a view. */
  end(): void {
    for (const { frame } of this.frames.splice(0)) this.deliver(frame, undefined);
  }

  private match(): void {
    for (;;) {
      const [first] = this.frames;
      if (first === undefined) return;
      while (this.views[0] !== undefined && this.views[0].timeUs < first.frame.timeUs) this.views.shift();
      const found = this.views[0]?.timeUs === first.frame.timeUs ? this.views.shift() : undefined;
      const passed = this.views[0] !== undefined;
      if (first.hasView && found === undefined && !passed) return;
      this.frames.shift();
      this.deliver(first.frame, found);
    }
  }
}

/** Which frames ffmpeg makes a view of: all, or the first of each time cell; a new filter graph begins anew (`graphBegins`). */
export function viewRule(fps: number, viewFps: number): (timeUs: number) => boolean {
  if (viewFps >= fps) return () => true;
  let taken: number | undefined;
  return (timeUs) => {
    const seconds = timeUs * 1e-6;
    if (!graphBegins(timeUs) && !beginsCell(seconds, taken, viewFps)) return false;
    taken = seconds;
    return true;
  };
}

/** The first frame of a filter graph has an odd time: see `arguments.ts`. */
export function graphBegins(timeUs: number): boolean {
  return timeUs % 2 !== 0;
}
