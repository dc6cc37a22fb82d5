import { OcelliError } from '../errors.ts';
import type { Position } from '../log/log.ts';

/** For whoever works on a task that somebody else has acquired since. */
export function takenOver(task: string, epoch: number, current: number | undefined): OcelliError {
  return new OcelliError(
    'STATE_STALE_OWNER',
    `Task ${task} was taken over: this owner has epoch ${epoch}, the current one ${current ?? 'none'}. Drop the task.`,
    { task, epoch, current },
  );
}

/** For an owner whose commit expected the task at another position than where it stands. */
export function standsElsewhere(task: string, epoch: number, position: Position, expected: Position): OcelliError {
  return new OcelliError(
    'STATE_STALE_OWNER',
    `Task ${task} stands at position ${position}, not at ${expected} as its owner (epoch ${epoch}) expected. Acquire it again and go on from there.`,
    { task, epoch, position, expected },
  );
}
