import type { Topic } from '../records/topic.ts';

/** Who wants to hear of commits, by topic. A listener that was told and has not run yet is not told again. */
export class CommitListeners {
  private readonly byTopic = new Map<Topic, Set<() => void>>();
  private readonly told = new Set<() => void>();

  add(topic: Topic, listener: () => void): () => void {
    const own = () => listener();
    const listeners = this.byTopic.get(topic) ?? new Set();
    this.byTopic.set(topic, listeners.add(own));
    return () => listeners.delete(own);
  }

  tell(topic: Topic): void {
    for (const listener of this.byTopic.get(topic) ?? []) {
      if (this.told.has(listener)) continue;
      this.told.add(listener);
      setImmediate(() => this.call(topic, listener));
    }
  }

  clear(): void {
    this.byTopic.clear();
  }

  private call(topic: Topic, listener: () => void): void {
    this.told.delete(listener);
    if (this.byTopic.get(topic)?.has(listener)) listener();
  }
}
