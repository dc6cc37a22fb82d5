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
import type { Delivery, FrameBus } from '../engine/frames/frame-bus.ts';
import { readRecorded } from './recorded.ts';
import { RememberingSink } from './remembering-sink.ts';
import { sessionsAboveLog } from './sessions-above-log.ts';
import { shapingSettings } from './shaping-settings.ts';
import type { SiteParts } from './site-parts.ts';

/** Frames of a recording in memory, waiting or being looked at. */
const RECORDING_AHEAD_FRAMES = 32;
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

/** The cameras that are watched now. A new list of cameras touches only those that differ. */
export class CameraSet {
  private readonly parts: SiteParts;
  private readonly bus: FrameBus;
  private readonly onStatus: (status: CameraStatus) => void;
  private readonly watched = new Map<string, Watched>();
  /** Of every camera that was ever watched: it may come back. */
  private readonly sinks = new Map<string, RememberingSink>();

  constructor(parts: SiteParts, bus: FrameBus, onStatus: (status: CameraStatus) => void) {
    this.parts = parts;
    this.bus = bus;
    this.onStatus = onStatus;
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

  async stopAll(): Promise<void> {
    await Promise.all([...this.watched.values()].map(({ connector }) => connector.stop('shutdown')));
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
    const settings = shapingSettings(camera, configuration, this.parts.model);
    if (settings.hash !== before.settings.hash) before.connector.applySettings(settings);
    this.bus.sink(camera.id, deliveryOf(camera));
    this.watched.set(camera.id, { ...before, camera, settings });
    return settings.hash !== before.settings.hash || camera.freshnessMs !== before.camera.freshnessMs;
  }

  private async stop(id: string, reason: StopReason): Promise<void> {
    await this.watched.get(id)?.connector.stop(reason);
    this.watched.delete(id);
    if (reason !== 'shutdown') this.parts.metrics.forget(id);
  }

  private async open(cameras: readonly CameraSettings[], configuration: Configuration): Promise<void> {
    await this.parts.log.assign(ids(cameras));
    const unknown = cameras.filter(({ id }) => !this.sinks.has(id));
    const recorded = await readRecorded(this.parts.log, new Set(ids(unknown.filter(isRecording))));
    for (const camera of cameras) this.watch(camera, configuration, recorded);
  }

  private watch(camera: CameraSettings, configuration: Configuration, recorded: ReadonlyMap<string, Recorded>): void {
    const { ffmpeg, model, sessions, pool, views, clock, logger } = this.parts;
    const settings = shapingSettings(camera, configuration, model);
    const known = this.sinks.get(camera.id)?.recorded ?? recorded.get(camera.id);
    const sink = new RememberingSink(this.bus.sink(camera.id, deliveryOf(camera)), known);
    this.sinks.set(camera.id, sink);
    const connector = createConnector(camera, {
      ffmpeg,
      model,
      settings,
      sink: views.keeping(sink),
      sessions: sessionsAboveLog(sessions, () => sink.recorded),
      recorded: () => known,
      pool,
      clock,
      random: Math.random,
      onStatus: this.onStatus,
      log: (level, sentence, facts) => logger[level]({ camera: camera.id, ...facts }, sentence),
    });
    this.watched.set(camera.id, { camera, settings, connector });
    connector.start();
  }
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

function deliveryOf(camera: CameraSettings): Delivery {
  return isRecording(camera)
    ? { kind: 'recording', aheadFrames: RECORDING_AHEAD_FRAMES }
    : { kind: 'live', freshnessMs: camera.freshnessMs };
}

function ids(cameras: readonly CameraSettings[]): string[] {
  return cameras.map(({ id }) => id);
}
