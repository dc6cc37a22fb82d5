import type { Configuration } from '../engine/config/configuration.ts';
import { resolveCameras } from '../engine/config/resolve-cameras.ts';
import { fateOf } from '../engine/errors.ts';
import { LeaseKeeper } from '../engine/state/index.ts';
import { isRecording } from './camera-set.ts';
import { PassingTrouble } from './passing-trouble.ts';
import type { Role, RoleParts } from './role.ts';
import { SilentCamera } from './silent-camera.ts';
import { resumeDetections } from './supervised-ingestion.ts';
import { WithoutHolder } from './without-holder.ts';

/** No camera can have this name. */
const LEASE = 'site/warden';
const LEASE_MS = 6_000;
const LOOK_MS = 1_000;

/**
 * Somebody is left to say that the speaker has died: speaks for live cameras that no process connects. One process of the site does this,
 * by lease; any that analyses or serves may.
 *
 *   idle ──lease taken──▶ watching ──a camera has had no holder for too long──▶ speaking for it
 *     ▲                     │  ▲                                                    │
 *     └──── lease lost ─────┘  └───────────── somebody has taken it ────────────────┘
 */
export class Warden implements Role {
  readonly failed: Promise<never>;
  private readonly parts: RoleParts;
  private readonly failure = Promise.withResolvers<never>();
  private readonly speaking = new Map<string, SilentCamera>();
  private readonly speechless: PassingTrouble;
  private configuration: Configuration;
  private free = new WithoutHolder();
  private keeper: LeaseKeeper | undefined;
  private looking: Promise<void> = Promise.resolve();
  private cancelLook: () => void = () => {};
  private draining = false;

  constructor(parts: RoleParts) {
    this.parts = parts;
    this.configuration = parts.configuration;
    this.speechless = new PassingTrouble(parts.logger, {
      met: 'Cameras that nobody connects cannot be spoken for; it is tried again',
      over: 'Cameras that nobody connects can be spoken for again',
    });
    this.failed = this.failure.promise;
    this.failed.catch(() => {});
  }

  start(): void {
    this.looking = this.look().then(
      () => this.looked(),
      (error: unknown) => this.trouble(error),
    );
  }

  waiting(): readonly string[] {
    return [];
  }

  async apply(configuration: Configuration): Promise<void> {
    this.configuration = configuration;
  }

  /** Leaves the task to another process. */
  async drain(): Promise<void> {
    this.draining = true;
    this.cancelLook();
    await this.looking;
    await this.keeper?.release();
  }

  private looked(): void {
    this.speechless.over();
    this.lookLater();
  }

  private lookLater(): void {
    if (!this.draining) this.cancelLook = this.parts.clock.after(LOOK_MS, () => this.start());
  }

  private async look(): Promise<void> {
    this.keeper = this.keeper?.isHeld === true ? this.keeper : await this.begin();
    if (this.keeper === undefined) return;
    const cameras = resolveCameras(this.configuration).filter((camera) => camera.enabled && !isRecording(camera));
    const ids = cameras.map(({ id }) => id);
    const holders = await this.parts.member.leases.list(ids);
    const overdue = new Set(this.free.look(ids, holders, this.parts.clock.monotonic()));
    for (const id of this.speaking.keys()) if (!overdue.has(id)) this.speaking.delete(id);
    if (this.keeper.isHeld) await Promise.all([...overdue].map((id) => this.speakFor(id)));
  }

  private async begin(): Promise<LeaseKeeper | undefined> {
    this.speaking.clear();
    this.free = new WithoutHolder();
    const { member, clock } = this.parts;
    return LeaseKeeper.acquire(member.leases, LEASE, { ttlMs: LEASE_MS, clock, onLost: () => this.speaking.clear() });
  }

  private async speakFor(id: string): Promise<void> {
    const known = this.speaking.get(id);
    if (known !== undefined) return known.heartbeat();
    const { log, member, clock, logger } = this.parts;
    const camera = await SilentCamera.begin(id, { log, leases: member.leases, clock });
    if (camera === undefined) return;
    this.speaking.set(id, camera);
    logger.warn({ camera: id }, `No process connects camera ${id}; it is told to be down until one does`);
  }

  /** What was said may or may not be in the log: the next words come in sessions above. */
  private trouble(error: unknown): void {
    if (fateOf(error) === 'stop') {
      this.failure.reject(error);
      return;
    }
    this.speechless.met(error);
    this.speaking.clear();
    resumeDetections(this.parts.log);
    this.lookLater();
  }
}
