/** Tiles are drawn together at most this often: half of what screens show, three times what cameras send. */
const LEAST_MS = 30;

/**
 * Draws in animation frames, all tiles together. Cameras come at their own moments: drawn one by one, sixteen of them would make the
 * browser compose the whole page anew for every frame of the screen.
 */
export class DrawSchedule<Tile> {
  private readonly draw: (tile: Tile) => void;
  private readonly waiting = new Set<Tile>();
  private asked = 0;
  private drewMs = Number.NEGATIVE_INFINITY;

  constructor(draw: (tile: Tile) => void) {
    this.draw = draw;
  }

  /** Draws the tile once in one of the next animation frames, however often it is asked for until then. */
  ask(tile: Tile): void {
    this.waiting.add(tile);
    if (this.asked === 0) this.asked = requestAnimationFrame((nowMs) => this.frame(nowMs));
  }

  forget(tile: Tile): void {
    this.waiting.delete(tile);
  }

  private frame(nowMs: number): void {
    this.asked = 0;
    if (this.waiting.size === 0) return;
    if (nowMs - this.drewMs < LEAST_MS) {
      this.asked = requestAnimationFrame((next) => this.frame(next));
      return;
    }
    this.drewMs = nowMs;
    const tiles = [...this.waiting];
    this.waiting.clear();
    for (const tile of tiles) this.draw(tile);
  }
}
