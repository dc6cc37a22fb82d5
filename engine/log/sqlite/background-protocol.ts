import type { Topic } from '../../records/topic.ts';
import type { Position, ReadRequest } from '../log.ts';
import type { Page } from '../parse-page.ts';
import type { CheckpointReport } from './checkpoint.ts';
import type { RetentionReport } from './retention.ts';
import type { RetentionLimits } from './retention-limits.ts';

/** What the background worker can be asked for, and what it answers. */
export interface Tasks {
  read: { readonly question: { readonly topic: Topic; readonly request: ReadRequest }; readonly answer: Page };
  seek: { readonly question: { readonly topic: Topic; readonly time: number }; readonly answer: Position };
  retain: { readonly question: { readonly now: number }; readonly answer: RetentionReport };
  checkpoint: { readonly question: null; readonly answer: CheckpointReport };
}

export type TaskName = keyof Tasks;

export interface WorkerSettings {
  readonly path: string;
  readonly limits: RetentionLimits;
}

export type Question = { [N in TaskName]: { readonly id: number; readonly name: N; readonly question: Tasks[N]['question'] } }[TaskName];

/** Errors lose their class on the way between threads, so an OcelliError travels in parts. */
export interface Failure {
  readonly code: string | undefined;
  readonly message: string;
  readonly context: Readonly<Record<string, unknown>>;
}

export type Answer = { readonly id: number } & ({ readonly answer: Tasks[TaskName]['answer'] } | { readonly failure: Failure });
