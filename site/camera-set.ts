import { isDeepStrictEqual } from 'node:util';
import {
  type CameraStatus,
  type Connector,
  createConnector,
  type Recorded,
  type SettingsInForce,
  type StopReason,
} from '../connectors/index.ts';
import type { CameraSettings } from '../engine/config/camera-settings.ts';
import type { Configuration } from '../engine/config/configuration.ts';
import type { Delivery, FrameBus, FrameSink } from '../engine/frames/frame-bus.ts';
import type { Sessions } from '../engine/state/index.ts';
import { readRecordedOf } from './recorded.ts';
import { RememberingSink } from './remembering-sink.ts';
import { sessionsAboveLog } from './sessions-above-log.ts';
import { shapingSettings } from './shaping-settings.ts';
import type { SiteParts } from './site-parts.ts';

/** With pixels in memory, where the bus is inside one process. */
const AHEAD_IN_MEMORY = 32;
/** Within some three seconds. */
const TRIES_OF_A_MISSING_FILE = 3;

interface Watched {
  readonly camera: CameraSettings;
  readonly settings: SettingsInForce;
  readonly connector: Connector;
}

/** What a new configuration did to the cameras, by their ids. */
export interface CameraChanges {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly reopened: readonly string[];
  readonly adjusted: readonly string[];
}

export interface CameraSetNeeds {
  readonly parts: SiteParts;
  readonly bus: Pick<FrameBus, 'sink'>;
  readonly onStatus: (status: CameraStatus) => void;
  /** Who gives out the sessions of a camera. */
  readonly sessions: (camera: string) => Sessions;
  /** What everything that a camera says goes through first, in front of the bus. */
  readonly through: (camera: string, sink: FrameSink) => FrameSink;
  /** An event time that a live camera must stay above, besides those of its records. */
  readonly above?: (camera: string) => number | undefined;
  /** So many frames of a recording at most are waiting or being looked at. */
  readonly aheadFrames: number;
}

/** The cameras that are watched now. A new list of cameras touches only those that differ. */
export class CameraSet {
  private readonly needs: CameraSetNeeds;
  private readonly watched = new Map<string, Watched>();
  /** Of every camera that was ever watched: it may come back. */
  private readonly sinks = new Map<string, RememberingSink>();

  constructor(needs: CameraSetNeeds) {
    this.needs = needs;
  }

  statuses(): CameraStatus[] {
    return [...this.watched.values()].map(({ connector }) => connector.status());
  }

  /** Recordings that are being read, or may still be. */
  get reading(): number {
    return this.recordings().filter((status) => status.state !== 'ended' && !isMissing(status)).length;
  }

  /** Recordings that could not be opened, tried often enough to say so. They are asked for again all the same. */
  get missing(): readonly CameraStatus[] {
    return this.recordings().filter(isMissing);
  }

  /** Brings what is watched to what is asked for. Called once at a time. */
  async apply(cameras: readonly CameraSettings[], configuration: Configuration): Promise<CameraChanges> {
    const asked = new Map(cameras.filter(({ enabled }) => enabled).map((camera) => [camera.id, camera]));
    const here = [...asked.values()];
    const removed = [...this.watched.keys()].filter((id) => !asked.has(id));
    const added = here.filter(({ id }) => !this.watched.has(id));
    const reopened = here.filter((camera) => this.mustReopen(camera));
    const adjusted = here.filter((camera) => this.adjust(camera, configuration));
    await Promise.all(removed.map((id) => this.stop(id, cameras.some((camera) => camera.id === id) ? 'disabled' : 'removed')));
    await Promise.all(reopened.map(({ id }) => this.stop(id, 'shutdown')));
    await this.open([...added, ...reopened], configuration);
    return { added: ids(added), removed, reopened: ids(reopened), adjusted: ids(adjusted) };
  }

  /** Brings one camera that is watched to other settings. @returns what that took */
  async change(camera: CameraSettings, configuration: Configuration): Promise<'reopened' | 'adjusted' | undefined> {
    if (!this.mustReopen(camera)) return this.adjust(camera, configuration) ? 'adjusted' : undefined;
    await this.stop(camera.id, 'shutdown');
    await this.open([camera], configuration);
    return 'reopened';
  }

  async open(cameras: readonly CameraSettings[], configuration: Configuration): Promise<void> {
    const { log } = this.needs.parts;
    await log.assign(ids(cameras));
    const unknown = cameras.filter(({ id }) => !this.sinks.has(id));
    const recorded = await readRecordedOf(log, new Map(unknown.map((camera) => [camera.id, isRecording(camera)])));
    for (const camera of cameras) this.watch(camera, configuration, recorded);
  }

  async stop(id: string, reason: StopReason): Promise<void> {
    await this.watched.get(id)?.connector.stop(reason);
    this.watched.delete(id);
    if (reason !== 'shutdown') this.needs.parts.metrics.forget(id);
  }

  /** Somebody else watches it from now on: how far it has come is to be read in the log when it comes back. */
  forget(id: string): void {
    this.sinks.get(id)?.close();
    this.sinks.delete(id);
    this.needs.parts.metrics.forget(id);
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.watched.values()].map(({ connector }) => connector.stop('shutdown')));
  }

  /** The event time of what a camera said last, if it has said anything here. */
  lastTime(id: string): number | undefined {
    return this.sinks.get(id)?.recorded?.time;
  }

  private recordings(): CameraStatus[] {
    return [...this.watched.values()].filter(({ camera }) => isRecording(camera)).map(({ connector }) => connector.status());
  }

  private mustReopen(camera: CameraSettings): boolean {
    const before = this.watched.get(camera.id)?.camera;
    return before !== undefined && !isDeepStrictEqual(connection(before), connection(camera));
  }

  /** Changes what can be changed without touching the stream. @returns whether anything did. */
  private adjust(camera: CameraSettings, configuration: Configuration): boolean {
    const before = this.watched.get(camera.id);
    if (before === undefined || this.mustReopen(camera)) return false;
    const settings = shapingSettings(camera, configuration, this.needs.parts.model);
    if (settings.hash !== before.settings.hash) before.connector.applySettings(settings);
    this.needs.bus.sink(camera.id, this.deliveryOf(camera));
    this.watched.set(camera.id, { ...before, camera, settings });
    return settings.hash !== before.settings.hash || camera.freshnessMs !== before.camera.freshnessMs;
  }

  private watch(camera: CameraSettings, configuration: Configuration, recorded: ReadonlyMap<string, Recorded>): void {
    const { ffmpeg, model, pool, clock, logger } = this.needs.parts;
    const { id } = camera;
    const settings = shapingSettings(camera, configuration, model);
    const known = this.known(camera, recorded.get(id));
    const sink = new RememberingSink(this.needs.bus.sink(id, this.deliveryOf(camera)), known);
    this.sinks.set(id, sink);
    const connector = createConnector(camera, {
      ffmpeg,
      model,
      settings,
      sink: this.needs.through(id, sink),
      sessions: sessionsAboveLog(this.needs.sessions(id), () => sink.recorded),
      recorded: () => known,
      pool,
      clock,
      random: Math.random,
      onStatus: this.needs.onStatus,
      log: (level, sentence, facts) => logger[level]({ camera: id, ...facts }, sentence),
    });
    this.watched.set(id, { camera, settings, connector });
    connector.start();
  }

  private deliveryOf(camera: CameraSettings): Delivery {
    return isRecording(camera)
      ? { kind: 'recording', aheadFrames: this.needs.aheadFrames }
      : { kind: 'live', freshnessMs: camera.freshnessMs };
  }

  private known(camera: CameraSettings, inLog: Recorded | undefined): Recorded | undefined {
    const known = this.sinks.get(camera.id)?.recorded ?? inLog;
    const above = isRecording(camera) ? undefined : this.needs.above?.(camera.id);
    if (above === undefined || (known !== undefined && above <= known.time)) return known;
    // More was said than has come into the log, so nobody can say yet which frame was the last.
    const { framesUntil: _notTheLast, ...rest } = known ?? { session: 0, seq: 0 };
    return { ...rest, time: above };
  }
}

/** The cameras of a whole site in one process: nobody else may have them. */
export function camerasOfOneProcess(parts: SiteParts, bus: FrameBus, onStatus: (status: CameraStatus) => void): CameraSet {
  const { sessions, views } = parts;
  return new CameraSet({
    parts,
    bus,
    onStatus,
    sessions: () => sessions,
    through: (_camera, sink) => views.keeping(sink),
    aheadFrames: AHEAD_IN_MEMORY,
  });
}

export function isRecording({ url }: CameraSettings): boolean {
  return url.reveal().startsWith('file:');
}

/** Never opened, and not for want of trying: a recording that was opened once is told as ended instead. */
function isMissing({ state, counters }: CameraStatus): boolean {
  const tries = Object.values(counters.restarts).reduce((sum, restarts) => sum + restarts, 0);
  return state === 'backing-off' && counters.frames === 0 && tries >= TRIES_OF_A_MISSING_FILE;
}

/** What a connector cannot change while it runs. */
function connection({ url, freshnessMs: _freshness, ...rest }: CameraSettings): object {
  return { ...rest, url: url.reveal() };
}

function ids(cameras: readonly CameraSettings[]): string[] {
  return cameras.map(({ id }) => id);
}
