import { pause } from '../engine/clock.ts';
import type { Configuration } from '../engine/config/configuration.ts';
import { describeLog } from '../engine/config/log-address.ts';
import { resolveCameras } from '../engine/config/resolve-cameras.ts';
import { sentenceOf } from '../engine/errors.ts';
import type { ClusterAnswer, ClusterStore } from '../ui/cluster.ts';
import { clusterAnswer, type Members } from './cluster-answer.ts';
import type { Member } from './member.ts';
import type { SiteParts } from './site-parts.ts';
import { StoreProbe } from './store-probe.ts';

const LOOK_EVERY_MS = 1_000;
/** A store that is slow or away holds up no answer: it is then given as last seen. */
const LOOK_WITHIN_MS = 1_000;

export interface ClusterNeeds {
  readonly parts: SiteParts;
  readonly member: Member;
  /** The newest configuration of this process. */
  readonly configuration: () => Configuration;
}

/** The members of the site as one of them sees them: when somebody asks, and, once started, every second. */
export class Cluster {
  private readonly needs: ClusterNeeds;
  private readonly log: StoreProbe;
  private readonly state: StoreProbe;
  private seen: Members = new Map();
  private holders: ReadonlyMap<string, string> = new Map();
  private looked = false;
  private trouble: string | undefined;
  private stopped = false;
  private cancel = () => {};

  constructor(needs: ClusterNeeds) {
    const { log, clock } = needs.parts;
    this.needs = needs;
    this.log = new StoreProbe(() => log.bounds('detections', 0), clock);
    this.state = new StoreProbe(() => needs.member.leases.nowMs(), clock);
  }

  /** From now on what the members say is always at hand. */
  start(): void {
    void this.look().then(() => this.lookLater());
  }

  stop(): void {
    this.stopped = true;
    this.cancel();
  }

  get hasLooked(): boolean {
    return this.looked;
  }

  /** As last seen. */
  get members(): Members {
    return this.seen;
  }

  async answer(): Promise<ClusterAnswer> {
    const { parts, member, configuration } = this.needs;
    const { log, clock } = parts;
    await Promise.race([this.look(), pause(clock, LOOK_WITHIN_MS)]);
    const cameras = resolveCameras(configuration());
    const homes = await Promise.all(cameras.map(async ({ id }) => [id, await log.locate(id).catch(() => undefined)] as const));
    return clusterAnswer({
      nowMs: clock.now(),
      self: member.id,
      members: this.seen,
      holders: this.holders,
      cameras,
      partitions: log.partitions,
      homes: new Map(homes.flatMap(([id, home]) => (home === undefined ? [] : [[id, home]]))),
      ...this.stores(),
    });
  }

  private stores(): { readonly log: ClusterStore; readonly state: ClusterStore } {
    const { configuration, stateTrouble } = this.needs.parts;
    const { log, state } = configuration;
    const trouble = stateTrouble() ?? this.trouble;
    return {
      log: { kind: log.kind, where: describeLog(log), ...this.log.look() },
      state: {
        kind: state.kind,
        where: state.kind === 'redis' ? String(state.url) : `sqlite:${state.path}`,
        ...this.state.look(),
        ...(trouble === undefined ? {} : { trouble }),
      },
    };
  }

  private async look(): Promise<void> {
    const { member, configuration } = this.needs;
    try {
      this.seen = await member.members();
      this.holders = await member.leases.list(resolveCameras(configuration()).map(({ id }) => id));
      this.trouble = undefined;
    } catch (error) {
      this.trouble = sentenceOf(error);
    }
    this.looked = true;
  }

  private lookLater(): void {
    if (this.stopped) return;
    this.cancel = this.needs.parts.clock.after(LOOK_EVERY_MS, () => this.start());
  }
}
