import type { AnyKeyedOperator } from '../engine/contract/operator.ts';
import { createAlertsOperator } from '../operators/alerts/index.ts';
import { createTrackOperator } from '../operators/track/index.ts';
import { AnalysisFacts } from './analysis-facts.ts';
import { ANALYSIS, AnalysisTask } from './analysis-task.ts';
import type { SiteParts } from './site-parts.ts';

/** The keyed operators of the engine, in the order in which they feed each other. */
export function keyedOperators(): readonly AnyKeyedOperator[] {
  return [createTrackOperator(), createAlertsOperator()];
}

/** The names under which the tasks keep their state. */
export function analysisTasks(partitions: number): readonly string[] {
  return Array.from({ length: partitions }, (_, partition) => `${ANALYSIS}/${partition}`);
}

/** From `detections` to everything that the keyed operators emit, all in this process: one task a partition. */
export class Analysis {
  /** Rejects when a task cannot go on. */
  readonly failed: Promise<never>;
  readonly facts: AnalysisFacts;
  private readonly parts: SiteParts;
  private readonly tasks: readonly AnalysisTask[];

  constructor(parts: SiteParts) {
    this.parts = parts;
    const operators = keyedOperators();
    this.tasks = Array.from({ length: parts.log.partitions }, (_, partition) => new AnalysisTask({ parts, operators, partition }));
    this.facts = new AnalysisFacts(parts, () => this.tasks);
    this.failed = Promise.race(this.tasks.map(failureOf));
    this.failed.catch(() => {});
  }

  start(): void {
    for (const task of this.tasks) task.start();
  }

  /** Processes everything that is in the log by now, then saves and closes. */
  async drain(): Promise<void> {
    await Promise.all(this.tasks.map((task) => this.finish(task)));
    await Promise.all(this.tasks.map((task) => task.drain()));
  }

  private async finish(task: AnalysisTask): Promise<void> {
    const { end } = await this.parts.log.bounds('detections', task.partition);
    await task.idle(end);
  }
}

async function failureOf(task: AnalysisTask): Promise<never> {
  const end = await task.ended;
  if (end.kind === 'stopped') throw end.error;
  return new Promise<never>(() => {});
}
