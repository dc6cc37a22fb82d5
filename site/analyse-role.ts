import type { AnyKeyedOperator } from '../engine/contract/operator.ts';
import { sentenceOf } from '../engine/errors.ts';
import { type GroupMember, openKafkaGroup, type Tenure } from '../engine/log/index.ts';
import type { SupervisorEnd } from '../engine/runtime/keyed/index.ts';
import { keyedOperators } from './analysis.ts';
import { AnalysisFacts } from './analysis-facts.ts';
import { ANALYSIS, AnalysisTask } from './analysis-task.ts';
import { kafkaSettings } from './open-log.ts';
import { PassingTrouble } from './passing-trouble.ts';
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
  private group: Promise<GroupMember> | undefined;
  private hasJoined = false;
  private readonly away: PassingTrouble;

  constructor(parts: RoleParts, options: AnalyseOptions = {}) {
    this.parts = parts;
    this.options = options;
    this.failed = this.failure.promise;
    this.failed.catch(() => {});
    this.away = new PassingTrouble(parts.logger, {
      met: 'The consumer group cannot be reached; it is tried again',
      over: 'The consumer group can be reached again',
    });
    const facts = new AnalysisFacts(parts, () => this.tasks.values());
    parts.member.announce(() => ({ analyse: facts.tell() }));
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
        assigned: (partitions, generation) => this.onAssigned(partitions, generation),
        lost: () => logger.warn({}, 'The group went on without this process: its partitions may be somebody else’s, it joins anew'),
        trouble: (error) => this.away.met(error),
      },
      ...(sessionTimeoutMs === undefined ? {} : { sessionTimeoutMs }),
    });
    group.failed.catch((error: unknown) => this.failure.reject(error));
    group.start();
    return group;
  }

  private onAssigned(partitions: readonly number[], generation: number): void {
    this.away.over();
    this.hasJoined = true;
    this.parts.logger.info({ partitions: [...partitions].sort((a, b) => a - b), generation }, 'Partitions are analysed here');
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
}
