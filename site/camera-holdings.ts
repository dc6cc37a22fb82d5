import type { CameraStatus } from '../connectors/index.ts';
import type { CameraSettings } from '../engine/config/camera-settings.ts';
import type { Configuration } from '../engine/config/configuration.ts';
import { sentenceOf } from '../engine/errors.ts';
import type { FrameBus, FrameSink } from '../engine/frames/frame-bus.ts';
import { LeaseKeeper } from '../engine/state/index.ts';
import { CameraSet } from './camera-set.ts';
import { HeldSink } from './held-sink.ts';
import type { RoleParts } from './role.ts';

/**
 * A member that was killed loses its cameras so late after its last renewal at most, whoever looks for free ones every second takes them,
 * and opening them takes a moment: together at most 15 s without a picture.
 */
export const CAMERA_TTL_MS = 10_000;

/** What a recording may be ahead of its last record. */
const AHEAD_ON_THE_BUS = 500;

export interface HoldingsNeeds {
  readonly parts: RoleParts;
  readonly bus: Pick<FrameBus, 'sink'>;
  /** Takes the pictures for people out of what goes to the bus. */
  readonly views: (sink: FrameSink) => FrameSink;
  readonly onStatus: (status: CameraStatus) => void;
}

/**
 * The cameras whose leases this member holds, each watched as long as that. What is done to one camera is done in order; cameras never
 * wait for each other.
 *
 *   free ──take: lease, then open──▶ watched ──give back: close, then release──▶ free
 *                                       └── lease lost: nothing more is said, close ──▶ somebody else's
 */
export class CameraHoldings {
  private readonly needs: HoldingsNeeds;
  private readonly set: CameraSet;
  private readonly keepers = new Map<string, LeaseKeeper>();
  private readonly last = new Map<string, Promise<unknown>>();

  constructor(needs: HoldingsNeeds) {
    this.needs = needs;
    const { parts, bus, onStatus } = needs;
    this.set = new CameraSet({
      parts,
      bus,
      onStatus,
      sessions: (camera) => this.keeperOf(camera).sessions,
      through: (camera, sink) => this.guarded(camera, needs.views(sink)),
      above: (camera) => this.keeperOf(camera).lease.lastTime,
      aheadFrames: AHEAD_ON_THE_BUS,
    });
  }

  get cameras(): readonly string[] {
    return [...this.keepers.keys()];
  }

  statuses(): CameraStatus[] {
    return this.set.statuses();
  }

  /** Takes a camera if it is free. */
  take(camera: CameraSettings, configuration: Configuration): Promise<void> {
    return this.inOrder(camera.id, async () => {
      if (this.keepers.has(camera.id)) return;
      const keeper = await this.acquire(camera.id);
      if (keeper === undefined) return;
      this.keepers.set(camera.id, keeper);
      await this.set.open([camera], configuration).catch(async (error: unknown) => {
        this.forget(camera.id, keeper);
        await keeper.release();
        throw error;
      });
    });
  }

  /** Brings a camera to other settings, as far as it is held. @returns what that took */
  change(camera: CameraSettings, configuration: Configuration): Promise<'reopened' | 'adjusted' | undefined> {
    return this.inOrder(camera.id, async () => (this.keepers.has(camera.id) ? this.set.change(camera, configuration) : undefined));
  }

  /** Stops watching a camera and leaves it to others. */
  giveBack(id: string, reason: 'shutdown' | 'disabled' | 'removed' = 'shutdown'): Promise<void> {
    return this.inOrder(id, async () => {
      const keeper = this.keepers.get(id);
      await this.set.stop(id, reason);
      await keeper?.release();
      this.forget(id, keeper);
    });
  }

  /** Stops watching; the leases are kept until `releaseAll`, so that nobody speaks before the last words are written. */
  async stopAll(): Promise<void> {
    await Promise.all(this.cameras.map((id) => this.inOrder(id, () => this.set.stop(id, 'shutdown'))));
  }

  async releaseAll(): Promise<void> {
    await Promise.all([...this.keepers.values()].map((keeper) => keeper.release()));
  }

  private acquire(id: string): Promise<LeaseKeeper | undefined> {
    const { member, clock, logger } = this.needs.parts;
    return LeaseKeeper.acquire(member.leases, id, {
      ttlMs: CAMERA_TTL_MS,
      clock,
      onLost: () => this.lost(id),
      // Whoever looks after the state says that it is away.
      onTrouble: (error) => logger.debug({ camera: id, error: sentenceOf(error) }, 'The lease of a camera could not be renewed'),
      lastTime: () => this.set.lastTime(id),
    });
  }

  private lost(id: string): void {
    const keeper = this.keepers.get(id);
    this.needs.parts.logger.warn({ camera: id }, `The lease of camera ${id} was lost; it is left to the other members`);
    void this.inOrder(id, async () => {
      await this.set.stop(id, 'shutdown').finally(() => this.forget(id, keeper));
    });
  }

  private forget(id: string, keeper: LeaseKeeper | undefined): void {
    this.set.forget(id);
    if (this.keepers.get(id) === keeper) this.keepers.delete(id);
  }

  private guarded(camera: string, sink: FrameSink): FrameSink {
    const keeper = this.keeperOf(camera);
    return new HeldSink(sink, this.needs.parts.pool, () => keeper.isHeld);
  }

  private keeperOf(camera: string): LeaseKeeper {
    const keeper = this.keepers.get(camera);
    if (keeper === undefined) throw new Error(`Camera ${camera} is opened without its lease.`);
    return keeper;
  }

  private inOrder<T>(id: string, work: () => Promise<T>): Promise<T> {
    const done = (this.last.get(id) ?? Promise.resolve()).then(work, work);
    this.last.set(id, done);
    return done;
  }
}
