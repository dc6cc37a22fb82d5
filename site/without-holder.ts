/** A lease outlives its holder by up to 10 s, so this is 15 s after its last sign of life at most. */
const PATIENCE_MS = 5_000;
/** Who never saw a camera held knows less: its connectors may just be starting. */
const FIRST_PATIENCE_MS = 15_000;

interface Waiting {
  readonly sinceMs: number;
  readonly patienceMs: number;
}

/** Remembers since when cameras have had no holder. */
export class WithoutHolder {
  private readonly waiting = new Map<string, Waiting>();
  private readonly seenHeld = new Set<string>();

  /**
   * @param cameras those that should have one
   * @param nowMs by the monotonic clock
   * @returns those that have had none for too long
   */
  look(cameras: readonly string[], holders: ReadonlyMap<string, string>, nowMs: number): string[] {
    const asked = new Set(cameras);
    for (const camera of this.waiting.keys()) if (!asked.has(camera)) this.waiting.delete(camera);
    for (const camera of cameras) this.see(camera, holders.has(camera), nowMs);
    return cameras.filter((camera) => this.isOverdue(camera, nowMs));
  }

  private see(camera: string, isHeld: boolean, nowMs: number): void {
    if (isHeld) {
      this.seenHeld.add(camera);
      this.waiting.delete(camera);
    } else if (!this.waiting.has(camera)) {
      this.waiting.set(camera, { sinceMs: nowMs, patienceMs: this.seenHeld.has(camera) ? PATIENCE_MS : FIRST_PATIENCE_MS });
    }
  }

  private isOverdue(camera: string, nowMs: number): boolean {
    const waiting = this.waiting.get(camera);
    return waiting !== undefined && nowMs - waiting.sinceMs >= waiting.patienceMs;
  }
}
