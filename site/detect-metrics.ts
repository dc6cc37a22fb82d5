import type { Clock } from '../engine/clock.ts';
import { type OcelliError, sentenceOf } from '../engine/errors.ts';
import type { BusItem, Frame } from '../engine/frames/frame.ts';
import type { PixelPool } from '../engine/frames/pixel-pool.ts';
import type { Logger } from '../engine/observe/logger.ts';
import type { Metrics } from '../engine/observe/metrics.ts';
import type { DetectionsTopicRecord } from '../engine/runtime/detect/camera-order.ts';
import type { DetectObserver } from '../engine/runtime/detect/detect-stage.ts';

/** Turns what the detect stage tells into metrics, and gives buffers back. */
export class DetectMetrics implements DetectObserver {
  private readonly metrics: Metrics;
  private readonly pool: PixelPool;
  private readonly clock: Clock;
  private readonly logger: Logger;

  constructor(metrics: Metrics, pool: PixelPool, clock: Clock, logger: Logger) {
    this.metrics = metrics;
    this.pool = pool;
    this.clock = clock;
    this.logger = logger;
  }

  detected({ camera }: Frame, record: DetectionsTopicRecord): void {
    if (record.type !== 'detections') return;
    this.metrics.frameDetected(
      camera,
      record.objects.map(({ label }) => label),
    );
    for (const [stage, ms] of Object.entries(record.timing)) this.metrics.stage(camera, stage as keyof typeof record.timing, ms);
  }

  failed({ camera, session, seq }: Frame, error: unknown): void {
    this.logger.warn({ camera, session, seq, error: sentenceOf(error) }, 'A frame could not be looked at');
  }

  committed(item: BusItem, record: DetectionsTopicRecord): void {
    if (record.type === 'gap') this.metrics.framesDropped(record.camera, record.reason, record.to - record.from + 1);
    if (item.type !== 'frame' || record.type !== 'detections') return;
    const totalMs = this.clock.monotonic() - item.arrivedMs;
    const { decoded, waited, inferred } = record.timing;
    this.metrics.stage(item.camera, 'total', totalMs);
    this.metrics.stage(item.camera, 'committed', Math.max(0, totalMs - decoded - waited - inferred));
  }

  released(pixels: ArrayBuffer): void {
    this.pool.giveBack(pixels);
  }

  logAway(partition: number, error: OcelliError): void {
    this.logger.error(
      { partition, error: sentenceOf(error) },
      'The log is away; frames of live cameras become gaps, recordings wait, until it is back',
    );
  }

  logBack(partition: number): void {
    this.logger.info({ partition }, 'The log is back; what was held is written');
  }
}
