import type { AnalysisTask } from './analysis-task.ts';
import type { RoleFacts } from './member-facts.ts';
import type { SiteParts } from './site-parts.ts';

type TaskFacts = NonNullable<RoleFacts['analyse']>['tasks'][number];

/** What the tasks of this process tell the other members about themselves. */
export class AnalysisFacts {
  private readonly parts: Pick<SiteParts, 'log' | 'metrics'>;
  private readonly tasks: () => Iterable<AnalysisTask>;
  private lag: ReadonlyMap<number, number> = new Map();

  constructor(parts: Pick<SiteParts, 'log' | 'metrics'>, tasks: () => Iterable<AnalysisTask>) {
    this.parts = parts;
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
    const { log, metrics } = this.parts;
    const lags = new Map<number, number>();
    for (const { partition, progress } of this.tasks()) {
      const { end } = await log.bounds('detections', partition);
      lags.set(partition, Math.max(0, end - (progress?.reached ?? 0)));
    }
    this.lag = lags;
    metrics.lags('analyse', lags);
  }
}
