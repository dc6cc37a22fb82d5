import type { FrameSourceFacts, KafkaFrameSource } from '../engine/frames/kafka-frames.ts';
import { type DetectObserver, DetectStage } from '../engine/runtime/detect/detect-stage.ts';
import { detectorOf } from './operator-settings.ts';
import type { RoleParts } from './role.ts';
import type { Unit } from './supervised.ts';

/** From the topic `frames` to `detections`: this process's share of the partitions, through the detect stage. */
export class Detecting implements Unit {
  readonly done: Promise<unknown>;
  private readonly source: KafkaFrameSource;
  private readonly stage: Promise<void>;

  constructor({ model, log, clock, configuration }: RoleParts, source: KafkaFrameSource, observers: readonly DetectObserver[]) {
    const operator = detectorOf(model, configuration, clock);
    this.source = source;
    this.stage = new DetectStage({ source, operator, model, log, clock, observers }).run();
    this.done = Promise.race([this.stage, source.failed]);
    this.done.catch(() => {});
  }

  facts(): FrameSourceFacts {
    return this.source.facts();
  }

  /** Takes nothing more, answers what was taken, and says how far that is: the next who has these partitions goes on there. */
  async drain(): Promise<void> {
    this.source.stop();
    try {
      await this.stage;
    } finally {
      await this.source.close();
    }
  }
}
