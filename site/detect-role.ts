import { sentenceOf } from '../engine/errors.ts';
import { openFrameSource } from '../engine/frames/kafka-door.ts';
import type { FrameSourceObserver } from '../engine/frames/kafka-frames.ts';
import { DetectMetrics } from './detect-metrics.ts';
import { Detecting } from './detecting.ts';
import { frameBusOptions } from './frame-bus-options.ts';
import { FrameRate } from './frame-rate.ts';
import type { RoleFacts } from './member-facts.ts';
import { workerCount } from './operator-settings.ts';
import { PassingTrouble } from './passing-trouble.ts';
import { RecordingEnds } from './recording-ends.ts';
import type { Role, RoleParts } from './role.ts';
import { Supervised } from './supervised.ts';
import { resumeDetections } from './supervised-ingestion.ts';

/** The role detect: looks at the frames of its share of the partitions, and writes `detections`. */
export class DetectRole implements Role {
  private readonly parts: RoleParts;
  private readonly rate: FrameRate;
  private readonly away: PassingTrouble;
  private readonly supervised: Supervised<Detecting>;

  constructor(parts: RoleParts) {
    const { clock, logger, log } = parts;
    this.parts = parts;
    this.rate = new FrameRate(clock);
    this.away = new PassingTrouble(logger, {
      met: 'Frames cannot be read from Kafka; it is tried again',
      over: 'Frames can be read again',
    });
    this.supervised = new Supervised({
      open: () => this.open(),
      goBack: () => resumeDetections(log),
      clock,
      logger,
      failure: 'Records could not be written; frames are read anew from what is committed',
    });
    parts.member.announce(() => this.facts());
  }

  get failed(): Promise<never> {
    return this.supervised.failed;
  }

  start(): void {
    this.supervised.start();
  }

  /** Without a partition it is ready all the same: there are more members than partitions. */
  waiting(): readonly string[] {
    return this.supervised.running === undefined ? ['the frame bus is being opened'] : [];
  }

  drain(): Promise<void> {
    return this.supervised.drain();
  }

  private async open(): Promise<Detecting> {
    const { parts } = this;
    const { metrics, pool, clock, logger, sessions } = parts;
    const source = await openFrameSource({ ...frameBusOptions(parts), observer: this.observer() });
    return new Detecting(parts, source, [
      new DetectMetrics(metrics, pool, clock, logger),
      new RecordingEnds(sessions, logger),
      this.rate,
      { detected: () => this.away.over() },
    ]);
  }

  private observer(): FrameSourceObserver {
    const { logger } = this.parts;
    return {
      assigned: (partitions) => logger.info({ partitions }, 'This process looks at the frames of these partitions'),
      undecodable: ({ camera, session, seq }, error) =>
        logger.warn({ camera, session, seq, error: sentenceOf(error) }, 'A frame could not be decoded'),
      away: (error) => this.away.met(error),
    };
  }

  private facts(): RoleFacts {
    const partitions = this.supervised.running?.facts().partitions ?? [];
    this.parts.metrics.lags('detect', new Map(partitions.map(({ partition, lag }) => [partition, lag])));
    return {
      detect: {
        workers: workerCount(this.parts.configuration),
        framesPerSecond: this.rate.framesPerSecond,
        partitions: partitions.map(({ partition }) => partition).sort((a, b) => a - b),
        lag: Object.fromEntries(partitions.map(({ partition, lag }) => [partition, lag])),
      },
    };
  }
}
