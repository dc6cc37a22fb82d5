import type { AnyKeyedOperator } from '../engine/contract/operator.ts';
import { sentenceOf } from '../engine/errors.ts';
import { KeyedTask, type KeyedTaskObserver } from '../engine/runtime/keyed/index.ts';
import { KeyedTaskSupervisor } from '../engine/runtime/keyed/keyed-task-supervisor.ts';
import { createAlertsOperator } from '../operators/alerts/index.ts';
import { createTrackOperator } from '../operators/track/index.ts';
import type { SiteParts } from './site-parts.ts';

const TASK = 'analyse';

/** The keyed operators of the engine, in the order in which they feed each other. */
export function keyedOperators(): readonly AnyKeyedOperator[] {
  return [createTrackOperator(), createAlertsOperator()];
}

/** The names under which the tasks keep their state. */
export function analysisTasks(partitions: number): readonly string[] {
  return Array.from({ length: partitions }, (_, partition) => `${TASK}/${partition}`);
}

/** From `detections` to everything that the keyed operators emit: one supervised task a partition. */
export class Analysis {
  /** Rejects when a task cannot go on. */
  readonly failed: Promise<never>;
  private readonly supervisors: readonly KeyedTaskSupervisor[];
  private readonly tasks: KeyedTask[] = [];
  private readonly parts: SiteParts;

  constructor(parts: SiteParts) {
    this.parts = parts;
    this.supervisors = Array.from({ length: parts.log.partitions }, (_, partition) => this.supervise(partition));
    this.failed = Promise.race(this.supervisors.map(failureOf));
    this.failed.catch(() => {});
  }

  start(): void {
    for (const supervisor of this.supervisors) supervisor.start();
  }

  /** Processes everything that is in the log by now, then saves and closes. */
  async drain(): Promise<void> {
    await Promise.all(this.tasks.map((task, partition) => this.finish(task, partition)));
    await Promise.all(this.supervisors.map((supervisor) => supervisor.drain()));
  }

  private async finish(task: KeyedTask, partition: number): Promise<void> {
    const { end } = await this.parts.log.bounds('detections', partition);
    await task.idle(end);
  }

  private supervise(partition: number): KeyedTaskSupervisor {
    const { clock, logger } = this.parts;
    return new KeyedTaskSupervisor({
      name: `${TASK}/${partition}`,
      create: () => this.create(partition),
      clock,
      onRestart: ({ restarts, delayMs, error }) =>
        logger.warn({ task: TASK, partition, restarts, delayMs, error: sentenceOf(error) }, 'A task is started again'),
    });
  }

  private create(partition: number): KeyedTask {
    const { log, state, clock } = this.parts;
    const task = new KeyedTask({
      name: TASK,
      input: 'detections',
      partition,
      operators: keyedOperators(),
      log,
      store: state,
      clock,
      observer: this.observer(),
    });
    this.tasks[partition] = task;
    return task;
  }

  private observer(): KeyedTaskObserver {
    const { metrics, logger } = this.parts;
    return {
      taken: () => metrics.taskRecord(TASK, 'processed'),
      dropped: () => metrics.taskRecord(TASK, 'dropped'),
      hole: (gap) => {
        metrics.taskRecord(TASK, 'hole');
        logger.warn({ camera: gap.camera, session: gap.session, from: gap.from, to: gap.to }, 'Places are missing in the log');
      },
      checkpoint: ({ tookMs }) => metrics.checkpointTook(TASK, tookMs),
      failed: ({ camera, position, throws, error }) => {
        metrics.taskRecord(TASK, 'failed');
        logger.error({ camera, position, throws, error: sentenceOf(error) }, 'An operator threw');
      },
    };
  }
}

async function failureOf(supervisor: KeyedTaskSupervisor): Promise<never> {
  const end = await supervisor.ended;
  if (end.kind === 'stopped') throw end.error;
  return new Promise<never>(() => {});
}
