import type { Topic } from '../../records/topic.ts';

/** What is kept. It names every topic, so the worker needs no list of its own (and not the schemas, which take 50 ms to load). */
export interface RetentionLimits {
  /** How long a record is kept after it was written, by topic. */
  readonly keptMs: Readonly<Record<Topic, number>>;
  /** How large the database file may become, all topics and the state together. The oldest records go first, of whatever topic. */
  readonly maxBytes: number;
}

export function topicsOf({ keptMs }: RetentionLimits): readonly Topic[] {
  return Object.keys(keptMs) as Topic[];
}
