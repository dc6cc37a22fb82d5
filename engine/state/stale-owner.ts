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

/** For an owner that has not been told for too long that the task is still its own. */
export function tenureOver(task: string, epoch: number): OcelliError {
  return new OcelliError(
    'STATE_STALE_OWNER',
    `Task ${task} may be somebody else's by now: its owner (epoch ${epoch}) stood still, or was cut off from those that share the tasks out. Drop the task.`,
    { task, epoch },
  );
}
