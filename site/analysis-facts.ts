import type { Log } from '../engine/log/index.ts';
import type { AnalysisTask } from './analysis-task.ts';
import type { RoleFacts } from './member-facts.ts';

type TaskFacts = NonNullable<RoleFacts['analyse']>['tasks'][number];

/** What the tasks of this process tell the other members about themselves. */
export class AnalysisFacts {
  private readonly log: Log;
  private readonly tasks: () => Iterable<AnalysisTask>;
  private readonly lag = new Map<number, number>();

  constructor(log: Log, tasks: () => Iterable<AnalysisTask>) {
    this.log = log;
    this.tasks = tasks;
  }

  /** At once: how far behind a task is was found out when this was asked the last time. */
  tell(): NonNullable<RoleFacts['analyse']> {
    void this.measureLag().catch(() => {}); // Whoever reads meets the error too, and tells it.
    return { tasks: [...this.tasks()].flatMap((task) => this.factsOf(task) ?? []) };
  }

  private factsOf({ partition, progress }: AnalysisTask): TaskFacts | undefined {
    if (progress === undefined) return undefined;
    const { reached, saved, epoch } = progress;
    return { partition, position: reached, saved, epoch, lag: this.lag.get(partition) ?? 0 };
  }

  private async measureLag(): Promise<void> {
    for (const { partition, progress } of this.tasks()) {
      const { end } = await this.log.bounds('detections', partition);
      this.lag.set(partition, Math.max(0, end - (progress?.reached ?? 0)));
    }
  }
}
