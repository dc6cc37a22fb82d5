import type { AnyKeyedOperator } from '../engine/contract/operator.ts';
import { sentenceOf } from '../engine/errors.ts';
import type { Position, Tenure } from '../engine/log/index.ts';
import {
  KeyedTask,
  type KeyedTaskObserver,
  KeyedTaskSupervisor,
  type SupervisorEnd,
  type TaskProgress,
} from '../engine/runtime/keyed/index.ts';
import type { SiteParts } from './site-parts.ts';

/** The name under which the tasks keep their state, each with its partition behind it. */
export const ANALYSIS = 'analyse';

export interface AnalysisTaskNeeds {
  readonly parts: Pick<SiteParts, 'log' | 'state' | 'clock' | 'metrics' | 'logger'>;
  readonly operators: readonly AnyKeyedOperator[];
  readonly partition: number;
  /** For one of several processes: how long the task is this one's. */
  readonly tenure?: Tenure;
}

/** Takes the detections of one partition through the keyed operators, and is started again when it fails. */
export class AnalysisTask {
  readonly partition: number;
  /** Why it does not go on. Never rejects. */
  readonly ended: Promise<SupervisorEnd>;
  private readonly needs: AnalysisTaskNeeds;
  private readonly supervisor: KeyedTaskSupervisor;
  private task: KeyedTask | undefined;

  constructor(needs: AnalysisTaskNeeds) {
    const { parts, partition, tenure } = needs;
    this.needs = needs;
    this.partition = partition;
    this.supervisor = new KeyedTaskSupervisor({
      name: `${ANALYSIS}/${partition}`,
      create: () => this.create(),
      clock: parts.clock,
      ...(tenure === undefined ? {} : { tenure }),
      onRestart: ({ restarts, delayMs, error }) =>
        parts.logger.warn({ task: ANALYSIS, partition, restarts, delayMs, error: sentenceOf(error) }, 'A task is started again'),
    });
    this.ended = this.supervisor.ended;
  }

  start(): void {
    this.supervisor.start();
  }

  /** How far it is; undefined before its state is loaded. */
  get progress(): TaskProgress | undefined {
    return this.task?.progress;
  }

  /** Resolves when every input below the position is processed, or when the task of the moment has ended. */
  async idle(position: Position): Promise<void> {
    await this.task?.idle(position);
  }

  /** Saves what was processed, unless the tenure was lost, and ends. */
  drain(): Promise<SupervisorEnd> {
    return this.supervisor.drain();
  }

  private create(): KeyedTask {
    const { parts, operators, partition, tenure } = this.needs;
    const { log, state: store, clock } = parts;
    const own = { name: ANALYSIS, input: 'detections', partition, operators, log, store, clock, observer: this.observer() } as const;
    this.task = new KeyedTask({ ...own, ...(tenure === undefined ? {} : { tenure }) });
    return this.task;
  }

  private observer(): KeyedTaskObserver {
    const { metrics, logger } = this.needs.parts;
    return {
      taken: () => metrics.taskRecord(ANALYSIS, 'processed'),
      dropped: () => metrics.taskRecord(ANALYSIS, 'dropped'),
      hole: (gap) => {
        metrics.taskRecord(ANALYSIS, 'hole');
        logger.warn({ camera: gap.camera, session: gap.session, from: gap.from, to: gap.to }, 'Places are missing in the log');
      },
      checkpoint: ({ tookMs }) => metrics.checkpointTook(ANALYSIS, tookMs),
      failed: ({ camera, position, throws, error }) => {
        metrics.taskRecord(ANALYSIS, 'failed');
        logger.error({ camera, position, throws, error: sentenceOf(error) }, 'An operator threw');
      },
    };
  }
}
