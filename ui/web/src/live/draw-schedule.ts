/** Tiles are drawn together at most this often: half of what screens show, three times what cameras send. */
const LEAST_MS = 30;

/**
 * Draws in animation frames, all tiles together. Cameras come at their own moments: drawn one by one, sixteen of them would make the
 * browser compose the whole page anew for every frame of the screen.
 */
export class DrawSchedule {
  private readonly waiting = new Set<() => void>();
  private asked = 0;
  private drewMs = Number.NEGATIVE_INFINITY;

  /** Calls `draw` once in one of the next animation frames, however often it is asked for until then. */
  ask(draw: () => void): void {
    this.waiting.add(draw);
    if (this.asked === 0) this.asked = requestAnimationFrame((nowMs) => this.frame(nowMs));
  }

  forget(draw: () => void): void {
    this.waiting.delete(draw);
  }

  private frame(nowMs: number): void {
    this.asked = 0;
    if (this.waiting.size === 0) return;
    if (nowMs - this.drewMs < LEAST_MS) {
      this.asked = requestAnimationFrame((next) => this.frame(next));
      return;
    }
    this.drewMs = nowMs;
    const draws = [...this.waiting];
    this.waiting.clear();
    for (const draw of draws) draw();
  }
}

/** Of the page: there is one screen. */
export const drawSchedule = new DrawSchedule();
