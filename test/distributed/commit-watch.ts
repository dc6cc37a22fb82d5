import type { Redis } from 'ioredis';

/** One commit of a task's state, as Redis carried it out. */
export interface Commit {
  readonly task: string;
  readonly position: number;
}

/** Sees every commit of state that Redis carries out (MONITOR shows what scripts write). */
export class CommitWatch {
  readonly commits: Commit[] = [];
  private readonly monitor: Redis;
  private readonly waiting = new Set<() => void>();

  static async on(redis: Redis): Promise<CommitWatch> {
    return new CommitWatch(await redis.monitor());
  }

  private constructor(monitor: Redis) {
    this.monitor = monitor;
    monitor.on('error', () => {}); // It comes back with the server.
    monitor.on('monitor', (_time: string, [command, key = '', field, position]: string[], source: string) => {
      const [, task] = /\{(analyse\/\d+)\}:task$/.exec(key) ?? [];
      if (source === 'lua' && command?.toUpperCase() === 'HSET' && task !== undefined && field === 'position')
        this.take({ task, position: Number(position) });
    });
  }

  /** Resolves when the state of a task was saved up to this position. */
  async until(task: string, position: number): Promise<void> {
    while (!this.commits.some((commit) => commit.task === task && commit.position >= position)) {
      await new Promise<void>((resolve) => this.waiting.add(resolve));
    }
  }

  /** Commits after which a task stood before where it had stood: never, while Redis itself loses nothing. */
  stepsBack(): Commit[] {
    const furthest = new Map<string, number>();
    return this.commits.filter(({ task, position }) => {
      const before = furthest.get(task) ?? 0;
      furthest.set(task, Math.max(before, position));
      return position < before;
    });
  }

  private take(commit: Commit): void {
    this.commits.push(commit);
    for (const wake of this.waiting) wake();
    this.waiting.clear();
  }

  close(): void {
    this.monitor.disconnect();
  }
}
