import type { Clock } from '../../clock.ts';
import type { WatchLeases } from '../kafka-views.ts';

const LOOK_EVERY_MS = 500;
/** Those who watch take turns at holding the lease of a camera: nobody may hold it for a moment. */
const BRIDGED_MS = 3_000;
/** A camera that sent no view for so long is not asked about. */
const FORGOTTEN_MS = 60_000;

export function watchLease(camera: string): string {
  return `watch/${camera}`;
}

interface Needs {
  readonly leases: WatchLeases;
  readonly clock: Clock;
  readonly onTrouble: (error: unknown) => void;
}

/** Knows which of the cameras that it is asked about somebody watches, by looking at their leases twice a second. */
export class WatchedCameras {
  private readonly needs: Needs;
  private readonly askedMs = new Map<string, number>();
  private readonly watchedMs = new Map<string, number>();
  private cancelLook = () => {};
  private closed = false;

  constructor(needs: Needs) {
    this.needs = needs;
    this.lookLater();
  }

  has(camera: string): boolean {
    const nowMs = this.needs.clock.monotonic();
    this.askedMs.set(camera, nowMs);
    return nowMs - (this.watchedMs.get(camera) ?? Number.NEGATIVE_INFINITY) < BRIDGED_MS;
  }

  close(): void {
    this.closed = true;
    this.cancelLook();
  }

  private lookLater(): void {
    if (this.closed) return;
    this.cancelLook = this.needs.clock.after(LOOK_EVERY_MS, () => {
      this.look().then(
        () => this.lookLater(),
        (error: unknown) => {
          this.needs.onTrouble(error);
          this.lookLater();
        },
      );
    });
  }

  private async look(): Promise<void> {
    const { leases, clock } = this.needs;
    const oldestMs = clock.monotonic() - FORGOTTEN_MS;
    for (const [camera, askedMs] of this.askedMs) if (askedMs < oldestMs) this.askedMs.delete(camera);
    const cameras = [...this.askedMs.keys()];
    const held = cameras.length === 0 ? new Map() : await leases.list(cameras.map(watchLease));
    for (const camera of cameras) if (held.has(watchLease(camera))) this.watchedMs.set(camera, clock.monotonic());
  }
}
