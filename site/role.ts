/** What a process of a distributed site can do; several in one process are allowed. */
export const ROLES = ['connect', 'detect', 'analyse', 'serve'] as const;
export type RoleName = (typeof ROLES)[number];

/** One of the roles at work in this process. */
export interface Role {
  /** Begins to work. Called once; returns at once. */
  start(): void;
  /** Rejects when the role cannot go on. */
  readonly failed: Promise<never>;
  /** What it waits for before it can do its work, as sentences; empty when it is ready. */
  waiting(): readonly string[];
  /** Takes nothing new, finishes what it has begun, and gives back what it holds to the other members. */
  drain(): Promise<void>;
}
