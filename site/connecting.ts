import type { CameraStatus } from '../connectors/index.ts';
import { pause } from '../engine/clock.ts';
import type { CameraSettings } from '../engine/config/camera-settings.ts';
import type { Configuration } from '../engine/config/configuration.ts';
import { resolveCameras } from '../engine/config/resolve-cameras.ts';
import { fateOf } from '../engine/errors.ts';
import type { FrameSinks } from '../engine/frames/kafka-frames.ts';
import type { ViewSender } from '../engine/frames/kafka-views.ts';
import { CameraHoldings } from './camera-holdings.ts';
import { type CamerasSeen, nowhere, shareCameras } from './camera-shares.ts';
import { PassingTrouble } from './passing-trouble.ts';
import { RecordingsHere } from './recordings-here.ts';
import type { RoleParts } from './role.ts';
import type { Unit } from './supervised.ts';

/** How often everybody looks who holds what. */
const LOOK_MS = 1_000;
/** Within the ten seconds that a process has to end. */
const FLUSH_WITHIN_MS = 4_000;
const STORE_WITHIN_MS = 2_000;

/** What an edit of the configuration did to a camera. */
type Change = 'removed' | 'reopened' | 'adjusted';

export interface ConnectingNeeds {
  readonly parts: RoleParts;
  readonly frames: FrameSinks;
  readonly views: ViewSender;
  readonly onStatus: (status: CameraStatus) => void;
}

/**
 * From cameras to the topic `frames`: takes the leases of its share of the cameras and watches them. Looks again every second; of what it
 * has too much it gives back one camera a look, so that a member that joins makes no storm.
 */
export class Connecting implements Unit {
  readonly done: Promise<never>;
  private readonly needs: ConnectingNeeds;
  private readonly holdings: CameraHoldings;
  private readonly recordings: RecordingsHere;
  private readonly failure = Promise.withResolvers<never>();
  /** Recordings that no member can open, as of the last look. */
  private nowhere: readonly string[] = [];
  private readonly blind: PassingTrouble;
  private configuration: Configuration;
  private looking: Promise<void> = Promise.resolve();
  private cancelLook: () => void = () => {};
  private looks = 0;
  private draining = false;

  constructor(needs: ConnectingNeeds, configuration: Configuration) {
    this.needs = needs;
    this.configuration = configuration;
    const { parts, frames, views, onStatus } = needs;
    this.recordings = new RecordingsHere(parts.clock);
    this.holdings = new CameraHoldings({ parts, bus: frames, views: (sink) => views.sending(sink), onStatus });
    this.blind = new PassingTrouble(parts.logger, {
      met: 'Cameras cannot be shared out; it is tried again, and those whose leases last are watched meanwhile',
      over: 'Cameras are shared out again',
    });
    this.done = Promise.race([frames.failed, this.failure.promise]);
    this.done.catch(() => {});
    this.look();
  }

  /** Whether it has looked once, so that it has its share of what was free. */
  get hasLooked(): boolean {
    return this.looks > 0;
  }

  get unreachable(): string[] {
    return this.recordings.missing;
  }

  statuses(): CameraStatus[] {
    return [...this.holdings.statuses(), ...this.nowhere.flatMap((camera) => this.recordings.status(camera) ?? [])];
  }

  /** Brings the cameras that are held to a new configuration; what is new is taken at the next look. */
  async apply(configuration: Configuration): Promise<Readonly<Record<Change, readonly string[]>>> {
    this.configuration = configuration;
    const cameras = new Map(resolveCameras(configuration).map((camera) => [camera.id, camera]));
    const changes: Record<Change, string[]> = { removed: [], reopened: [], adjusted: [] };
    const brought = this.holdings.cameras.map(async (id) => [id, await this.bring(id, cameras.get(id))] as const);
    for (const [id, change] of await Promise.all(brought)) if (change !== undefined) changes[change].push(id);
    return changes;
  }

  /** Closes the cameras, writes what they said last, and only then leaves them to others. */
  async drain(): Promise<void> {
    this.draining = true;
    this.cancelLook();
    const { frames, views } = this.needs;
    await this.bounded(this.looking);
    await this.holdings.stopAll();
    await Promise.all([frames.close(FLUSH_WITHIN_MS), views.close()]);
    await this.bounded(this.holdings.releaseAll());
  }

  /** A state store that is away holds nobody up who ends: leases run out by themselves. */
  private bounded(work: Promise<unknown>): Promise<unknown> {
    return Promise.race([work.catch(() => {}), pause(this.needs.parts.clock, STORE_WITHIN_MS)]);
  }

  private async bring(id: string, camera: CameraSettings | undefined): Promise<Change | undefined> {
    if (camera?.enabled) return this.holdings.change(camera, this.configuration);
    await this.holdings.giveBack(id, camera === undefined ? 'removed' : 'disabled');
    return 'removed';
  }

  private look(): void {
    this.looking = this.lookNow().then(
      () => this.looked(),
      (error: unknown) => this.blinded(error),
    );
  }

  /** What passes is waited for: whether cameras may go on meanwhile is for their leases to say. */
  private blinded(error: unknown): void {
    if (fateOf(error) !== 'retry') {
      this.failure.reject(error);
      return;
    }
    this.blind.met(error);
    this.lookLater();
  }

  private looked(): void {
    this.looks += 1;
    this.blind.over();
    this.lookLater();
  }

  private lookLater(): void {
    if (!this.draining) this.cancelLook = this.needs.parts.clock.after(LOOK_MS, () => this.look());
  }

  private async lookNow(): Promise<void> {
    const cameras = resolveCameras(this.configuration).filter(({ enabled }) => enabled);
    await this.recordings.look(cameras, new Set(this.holdings.cameras));
    const seen = await this.see(cameras.map(({ id }) => id));
    this.tellNowhere(nowhere(seen));
    const { take, give } = shareCameras(seen);
    const taken = new Set(take);
    await Promise.all(give.slice(0, 1).map((id) => this.holdings.giveBack(id)));
    if (this.draining) return;
    await Promise.all(cameras.filter(({ id }) => taken.has(id)).map((camera) => this.holdings.take(camera, this.configuration)));
  }

  private async see(cameras: readonly string[]): Promise<CamerasSeen> {
    const { member } = this.needs.parts;
    const [members, holders] = await Promise.all([member.members(), member.leases.list(cameras)]);
    const unreachable = new Map<string, ReadonlySet<string>>([[member.id, new Set(this.unreachable)]]);
    for (const [id, facts] of members) {
      if (id !== member.id && facts?.connect !== undefined) unreachable.set(id, new Set(facts.connect.unreachable));
    }
    return { me: member.id, cameras, unreachable, holders };
  }

  /** Every member says once why it cannot open a recording that nobody can. */
  private tellNowhere(cameras: readonly string[]): void {
    for (const camera of cameras.filter((one) => !this.nowhere.includes(one))) {
      const sentence = `No process with the role connect can open recording ${camera}; it is looked for again and again`;
      this.needs.parts.logger.warn({ camera, reason: this.recordings.status(camera)?.detail }, sentence);
    }
    this.nowhere = cameras;
  }
}
