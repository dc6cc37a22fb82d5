import { type CameraStatus, type Connector, createConnector, type Recorded } from '../connectors/index.ts';
import type { CameraSettings } from '../engine/config/camera-settings.ts';
import type { Delivery } from '../engine/frames/frame-bus.ts';
import { MemoryFrameBus } from '../engine/frames/memory-frame-bus.ts';
import { DetectStage } from '../engine/runtime/detect/detect-stage.ts';
import { detect } from '../operators/detect/index.ts';
import { DetectMetrics } from './detect-metrics.ts';
import { readRecorded } from './recorded.ts';
import { shapingSettings } from './shaping-settings.ts';
import type { SiteParts } from './site-parts.ts';

/** Frames of a recording in memory, waiting or being looked at. */
const RECORDING_AHEAD_FRAMES = 32;

/**
 * From cameras to `detections`: the connectors, the frame bus and the detect stage. One unit, since a record that cannot be written
 * stops all of it: it is then made anew, live cameras begin new sessions, and recordings go on from what is committed.
 */
export class Ingestion {
  /** Resolves when everything put on the bus is committed, after `drain`; rejects when a record could not be written. */
  readonly done: Promise<void>;
  private readonly parts: SiteParts;
  private readonly bus: MemoryFrameBus;
  private readonly connectors = new Map<string, Connector>();
  private readonly ended = Promise.withResolvers<void>();
  private readonly hasRecordings: boolean;
  /** Recordings that were not yet read to their end. */
  private readonly reading: Set<string>;

  private constructor(parts: SiteParts, recorded: ReadonlyMap<string, Recorded>, cameras: readonly CameraSettings[]) {
    this.parts = parts;
    this.reading = new Set(cameras.filter(isRecording).map(({ id }) => id));
    this.hasRecordings = this.reading.size > 0;
    const { clock, log, model, pool, metrics } = parts;
    const observer = new DetectMetrics(metrics, pool, clock, parts.logger);
    this.bus = new MemoryFrameBus({ clock, shed: (frame) => pool.giveBack(frame.pixels) });
    const operator = detect(model, {
      clock,
      ...(parts.configuration.workers === undefined ? {} : { workers: parts.configuration.workers }),
    });
    this.done = new DetectStage({ source: this.bus.source(), operator, model, log, clock, observer }).run();
    this.done.catch(() => {});
    for (const camera of cameras) this.add(camera, recorded);
  }

  static async open(parts: SiteParts, cameras: readonly CameraSettings[]): Promise<Ingestion> {
    const enabled = cameras.filter((camera) => camera.enabled);
    const recordings = enabled.filter(isRecording).map(({ id }) => id);
    const recorded = await readRecorded(parts.log, new Set(recordings));
    return new Ingestion(parts, recorded, enabled);
  }

  /** Resolves when every recording was read to its end. Never, when there is none. */
  get recordingsEnded(): Promise<void> {
    return this.ended.promise;
  }

  statuses(): CameraStatus[] {
    return [...this.connectors.values()].map((connector) => connector.status());
  }

  /** Stops the cameras, then waits until everything that they said is committed. */
  async drain(): Promise<void> {
    await Promise.all([...this.connectors.values()].map((connector) => connector.stop('shutdown')));
    this.bus.close();
    await this.done;
  }

  private add(camera: CameraSettings, recorded: ReadonlyMap<string, Recorded>): void {
    const { ffmpeg, model, sessions, pool, clock, configuration, logger } = this.parts;
    const connector = createConnector(camera, {
      ffmpeg,
      model,
      settings: shapingSettings(camera, configuration, model),
      sink: this.bus.sink(camera.id, deliveryOf(camera)),
      sessions,
      recorded: (id) => recorded.get(id),
      pool,
      clock,
      random: Math.random,
      onStatus: (status) => this.onStatus(status),
      log: (level, sentence, facts) => logger[level]({ camera: camera.id, ...facts }, sentence),
    });
    this.connectors.set(camera.id, connector);
    connector.start();
  }

  private onStatus(status: CameraStatus): void {
    this.parts.metrics.cameraUp(status.camera, status.state === 'running');
    if (status.state === 'ended') this.reading.delete(status.camera);
    if (this.reading.size === 0 && this.hasRecordings) this.ended.resolve();
  }
}

function isRecording({ url }: CameraSettings): boolean {
  return url.reveal().startsWith('file:');
}

function deliveryOf(camera: CameraSettings): Delivery {
  return isRecording(camera)
    ? { kind: 'recording', aheadFrames: RECORDING_AHEAD_FRAMES }
    : { kind: 'live', freshnessMs: camera.freshnessMs };
}
