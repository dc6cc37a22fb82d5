import type { CameraStatus } from '../connectors/index.ts';
import type { Configuration } from '../engine/config/configuration.ts';
import { resolveCameras } from '../engine/config/resolve-cameras.ts';
import { MemoryFrameBus } from '../engine/frames/memory-frame-bus.ts';
import { DetectStage } from '../engine/runtime/detect/detect-stage.ts';
import { type CameraChanges, type CameraSet, camerasOfOneProcess, isRecording } from './camera-set.ts';
import { DetectMetrics } from './detect-metrics.ts';
import { detectorOf } from './operator-settings.ts';
import { RecordingEnds } from './recording-ends.ts';
import type { SiteParts } from './site-parts.ts';

/**
 * From cameras to `detections`: the connectors, the frame bus and the detect stage. One unit, since a record that cannot be written
 * stops all of it: it is then made anew, live cameras begin new sessions, and recordings go on from what is committed.
 */
export class Ingestion {
  /** Resolves when everything put on the bus is committed, after `drain`; rejects when a record could not be written. */
  readonly done: Promise<void>;
  private readonly parts: SiteParts;
  private readonly bus: MemoryFrameBus;
  private readonly cameras: CameraSet;
  private readonly ended = Promise.withResolvers<readonly CameraStatus[]>();
  private hasRecordings = false;

  private constructor(parts: SiteParts) {
    this.parts = parts;
    const { clock, log, model, pool, metrics, logger, sessions, configuration } = parts;
    this.bus = new MemoryFrameBus({ clock, shed: (frame) => pool.giveBack(frame.pixels) });
    this.cameras = camerasOfOneProcess(parts, this.bus, (status) => this.onStatus(status));
    const operator = detectorOf(model, configuration, clock);
    const observers = [new DetectMetrics(metrics, pool, clock, logger), new RecordingEnds(sessions, logger)];
    this.done = new DetectStage({ source: this.bus.source(), operator, model, log, clock, observers }).run();
    this.done.catch(() => {});
  }

  static async open(parts: SiteParts, configuration: Configuration): Promise<Ingestion> {
    const ingestion = new Ingestion(parts);
    try {
      await ingestion.apply(configuration);
      return ingestion;
    } catch (error) {
      await ingestion.drain().catch(() => {}); // What made it fail is told instead.
      throw error;
    }
  }

  /** Resolves when every recording was read to its end, with those that could not be opened. Never, when there is none. */
  get recordingsEnded(): Promise<readonly CameraStatus[]> {
    return this.ended.promise;
  }

  statuses(): CameraStatus[] {
    return this.cameras.statuses();
  }

  /** Brings the cameras to what a configuration asks for. */
  async apply(configuration: Configuration): Promise<CameraChanges> {
    const cameras = resolveCameras(configuration);
    this.hasRecordings = cameras.some((camera) => camera.enabled && isRecording(camera));
    const changes = await this.cameras.apply(cameras, configuration);
    this.lookForTheEnd();
    return changes;
  }

  /** Stops the cameras, then waits until everything that they said is committed. */
  async drain(): Promise<void> {
    await this.cameras.stopAll();
    this.bus.close();
    await this.done;
  }

  private onStatus({ camera, state }: CameraStatus): void {
    this.parts.metrics.cameraUp(camera, state === 'running');
    this.lookForTheEnd();
  }

  private lookForTheEnd(): void {
    if (this.hasRecordings && this.cameras.reading === 0) this.ended.resolve(this.cameras.missing);
  }
}
