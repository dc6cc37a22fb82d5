import { deserialize, serialize } from 'node:v8';
import type { Position } from '../../log/log.ts';
import { type Beginning, FROM_THE_FIRST } from './beginning.ts';

/** What a task saves about itself, beside its cameras. */
export interface TaskFacts {
  readonly beginning: Beginning;
  /** Where in `dead-letters` those begin that may be of inputs behind the checkpoint. */
  readonly deadLetters: Position;
}

/** No camera has such a name. */
export const TASK_FACTS_KEY = '#task';

export const NEW_TASK_FACTS: TaskFacts = { beginning: FROM_THE_FIRST, deadLetters: 0 };

export function encodeTaskFacts(facts: TaskFacts): Uint8Array {
  return serialize(facts);
}

export function decodeTaskFacts(bytes: Uint8Array | undefined): TaskFacts {
  return bytes === undefined ? NEW_TASK_FACTS : (deserialize(bytes) as TaskFacts);
}
