import type { AnyKeyedOperator } from '../engine/contract/operator.ts';
import { sentenceOf } from '../engine/errors.ts';
import { type GroupMember, openKafkaGroup, type Tenure } from '../engine/log/index.ts';
import type { SupervisorEnd } from '../engine/runtime/keyed/index.ts';
import { keyedOperators } from './analysis.ts';
import { ANALYSIS, AnalysisTask } from './analysis-task.ts';
import type { RoleFacts } from './member-facts.ts';
import { kafkaSettings } from './open-log.ts';
import type { Role, RoleParts } from './role.ts';

export interface AnalyseOptions {
  readonly operators?: readonly AnyKeyedOperator[];
  /** A process that says nothing for so long loses its partitions to the others. */
  readonly sessionTimeoutMs?: number;
}

/**
 * From `detections` to everything that the keyed operators emit, in any number of processes: each has the tasks of some partitions,
 * which a consumer group shares out. Records are read from where the state stands, never through the group.
 *
 *   given a partition ─▶ task acquired, its state restored ─▶ records … ─▶ asked back: all saved ─▶ given to another
 *                                                               └────────▶ lost: nothing more is saved
 */
export class AnalyseRole implements Role {
  /** Rejects when a task, or the membership, cannot go on. */
  readonly failed: Promise<never>;
  private readonly parts: RoleParts;
  private readonly options: AnalyseOptions;
  private readonly failure = Promise.withResolvers<never>();
  private readonly tasks = new Map<number, AnalysisTask>();
  /** Resolves, by partition, when the work that was done on it last has come to rest. */
  private readonly rest = new Map<number, Promise<unknown>>();
  private readonly lag = new Map<number, number>();
  private group: Promise<GroupMember> | undefined;
  private hasJoined = false;

  constructor(parts: RoleParts, options: AnalyseOptions = {}) {
    this.parts = parts;
    this.options = options;
    this.failed = this.failure.promise;
    this.failed.catch(() => {});
    parts.member.announce(() => this.facts());
  }

  start(): void {
    this.group = this.join();
    this.group.catch((error: unknown) => this.failure.reject(error));
  }

  waiting(): readonly string[] {
    return this.hasJoined ? [] : ['the consumer group has not said yet which partitions are analysed here'];
  }

  /** Saves what every task has processed, then leaves the group: the others go on with its partitions at once. */
  async drain(): Promise<void> {
    const group = await this.group?.catch(() => undefined); // It was told as what failed.
    await group?.leave();
    await Promise.all(this.rest.values());
  }

  private async join(): Promise<GroupMember> {
    const { configuration, file, log, clock, logger } = this.parts;
    const address = configuration.log;
    if (address.kind !== 'kafka') throw new Error('The role analyse was opened without Kafka.');
    const { sessionTimeoutMs } = this.options;
    const group = await openKafkaGroup({
      settings: kafkaSettings(address, file),
      group: ANALYSIS,
      topic: 'detections',
      partitions: log.partitions,
      clock,
      work: { begin: (tenure) => this.begin(tenure), end: (partition) => this.end(partition) },
      observer: {
        assigned: (partitions, generation) => {
          this.hasJoined = true;
          logger.info({ partitions: [...partitions].sort((a, b) => a - b), generation }, 'Partitions are analysed here');
        },
        lost: () => logger.warn({}, 'The group went on without this process: its partitions may be somebody else’s, it joins anew'),
        trouble: (error) => logger.warn({ error: sentenceOf(error) }, 'The consumer group cannot be reached; it is tried again'),
      },
      ...(sessionTimeoutMs === undefined ? {} : { sessionTimeoutMs }),
    });
    group.failed.catch((error: unknown) => this.failure.reject(error));
    group.start();
    return group;
  }

  private begin(tenure: Tenure): void {
    const { partition } = tenure;
    const task = new AnalysisTask({ parts: this.parts, operators: this.options.operators ?? keyedOperators(), partition, tenure });
    this.tasks.set(partition, task);
    tenure.lost.addEventListener('abort', () => this.close(task), { once: true });
    const before = this.rest.get(partition) ?? Promise.resolve();
    this.rest.set(
      partition,
      before.then(() => this.keepGoing(task)),
    );
  }

  private async keepGoing(task: AnalysisTask): Promise<void> {
    if (this.tasks.get(task.partition) !== task) return; // It was taken away before its turn came.
    task.start();
    const end = await task.ended;
    if (this.tasks.get(task.partition) === task) this.onEnd(task, end);
  }

  private async end(partition: number): Promise<void> {
    const task = this.tasks.get(partition);
    if (task === undefined) return;
    const end = await this.close(task);
    if (end.kind === 'drained') return;
    const { logger } = this.parts;
    logger.warn({ partition, error: sentenceOf(end.error) }, 'A task could not be saved as it was; who has it next makes up for it');
  }

  private async close(task: AnalysisTask): Promise<SupervisorEnd> {
    if (this.tasks.get(task.partition) === task) this.tasks.delete(task.partition);
    return task.drain();
  }

  /** Nobody asked it to end. */
  private onEnd(task: AnalysisTask, end: SupervisorEnd): void {
    this.tasks.delete(task.partition);
    if (end.kind === 'stopped') this.failure.reject(end.error);
  }

  private facts(): RoleFacts {
    void this.measureLag().catch(() => {}); // Whoever reads meets the error too, and tells it.
    const tasks = [...this.tasks.values()].flatMap(({ partition, progress }) =>
      progress === undefined
        ? []
        : [{ partition, position: progress.reached, saved: progress.saved, epoch: progress.epoch, lag: this.lag.get(partition) ?? 0 }],
    );
    return { analyse: { tasks } };
  }

  /** For the next time that facts are told. */
  private async measureLag(): Promise<void> {
    for (const { partition, progress } of this.tasks.values()) {
      const { end } = await this.parts.log.bounds('detections', partition);
      this.lag.set(partition, Math.max(0, end - (progress?.reached ?? 0)));
    }
  }
}
