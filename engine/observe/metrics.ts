import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { GapReason } from '../records/record.ts';

/** Upper bounds in seconds: fine around the freshness target of half a second. */
const LATENCY_BUCKETS = [0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2, 5];

/** Where the time of a frame goes, from the arrival of its first packet to its committed record: decoded, waited, inferred, committed, which make up the total. */
export type Stage = 'decoded' | 'waited' | 'inferred' | 'committed' | 'total';

/** What Prometheus reads at `/metrics`. Each name is stable: dashboards depend on it. */
export class Metrics {
  readonly registry = new Registry();
  private readonly latency = this.histogram(
    'ocelli_frame_seconds',
    'Time of a frame from the arrival of its first packet to its record, by stage: decoded, waited, inferred, committed, which make up the total',
    ['camera', 'stage'],
  );
  private readonly detected = this.counter('ocelli_frames_detected_total', 'Frames that were looked at', ['camera']);
  private readonly dropped = this.counter('ocelli_frames_dropped_total', 'Frames that were not looked at, by reason', ['camera', 'reason']);
  private readonly objects = this.counter('ocelli_objects_total', 'Objects seen', ['camera', 'label']);
  private readonly restarts = this.counter('ocelli_camera_restarts_total', 'Openings of a camera after a failure, by cause', [
    'camera',
    'cause',
  ]);
  private readonly decodeErrors = this.counter(
    'ocelli_decode_errors_total',
    'Pictures damaged on the way, and errors that the decoder told',
    ['camera'],
  );
  private readonly losses = this.counter(
    'ocelli_source_losses_total',
    'What never became a frame: packets that never came, pictures that the decoder was too slow for, frames that were cut off',
    ['camera', 'kind'],
  );
  private readonly up = this.gauge('ocelli_camera_up', '1 while frames arrive, else 0', ['camera']);
  private readonly taskRecords = this.counter('ocelli_task_records_total', 'Records processed by keyed tasks, by outcome', [
    'task',
    'outcome',
  ]);
  private readonly checkpoint = this.histogram('ocelli_checkpoint_seconds', 'Time of a checkpoint', ['task']);
  private readonly lag = this.gauge(
    'ocelli_lag_records',
    'Records that wait in the partitions of this process: at stage detect frames to be looked at, at stage analyse detections to be analysed; as of a few seconds ago',
    ['stage', 'partition'],
  );
  private readonly logBytes = this.gauge('ocelli_log_bytes', 'Size of the log on disk', []);

  /** The partitions told last. */
  private readonly lagging: Record<'detect' | 'analyse', readonly number[]> = { detect: [], analyse: [] };

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  frameDetected(camera: string, labels: readonly string[]): void {
    this.detected.inc({ camera });
    for (const [label, objects] of tally(labels)) this.objects.inc({ camera, label }, objects);
  }

  stage(camera: string, stage: Stage, ms: number): void {
    this.latency.observe({ camera, stage }, ms / 1000);
  }

  framesDropped(camera: string, reason: GapReason, frames: number): void {
    this.dropped.inc({ camera, reason }, frames);
  }

  cameraUp(camera: string, up: boolean): void {
    this.up.set({ camera }, up ? 1 : 0);
  }

  cameraRestarted(camera: string, cause: string, times: number): void {
    this.restarts.inc({ camera, cause }, times);
  }

  cameraDecodeErrors(camera: string, errors: number): void {
    this.decodeErrors.inc({ camera }, errors);
  }

  cameraLost(camera: string, kind: 'packet' | 'picture' | 'frame', times: number): void {
    this.losses.inc({ camera, kind }, times);
  }

  taskRecord(task: string, outcome: 'processed' | 'dropped' | 'failed' | 'hole'): void {
    this.taskRecords.inc({ task, outcome });
  }

  checkpointTook(task: string, ms: number): void {
    this.checkpoint.observe({ task }, ms / 1000);
  }

  /** @param lags by partition, of all that this process has now */
  lags(stage: 'detect' | 'analyse', lags: ReadonlyMap<number, number>): void {
    for (const partition of this.lagging[stage]) if (!lags.has(partition)) this.lag.remove({ stage, partition });
    for (const [partition, records] of lags) this.lag.set({ stage, partition }, records);
    this.lagging[stage] = [...lags.keys()];
  }

  logSize(bytes: number): void {
    this.logBytes.set(bytes);
  }

  /** A camera that was removed is no longer told of. */
  forget(camera: string): void {
    this.up.remove({ camera });
  }

  private histogram<L extends string>(name: string, help: string, labelNames: L[]): Histogram<L> {
    return new Histogram({ name, help, labelNames, buckets: LATENCY_BUCKETS, registers: [this.registry] });
  }

  private counter<L extends string>(name: string, help: string, labelNames: L[]): Counter<L> {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  private gauge<L extends string>(name: string, help: string, labelNames: L[]): Gauge<L> {
    return new Gauge({ name, help, labelNames, registers: [this.registry] });
  }
}

/** How often each label occurs. */
function tally(labels: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return counts;
}
