import { OcelliError } from '../../errors.ts';

/** For a task whose keys do not fit together. `what`: the script's words for it. */
export function stateDamaged(task: string, what: string | undefined): OcelliError {
  return new OcelliError('STATE_CORRUPT', `The state of task ${task} is damaged: ${what}. Restore it from a backup.`, { task });
}
