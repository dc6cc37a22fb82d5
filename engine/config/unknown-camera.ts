import { nearest } from './problem.ts';

const MOST_NAMED = 20;

/** What to say to who names a camera that there is not: the one that was probably meant, and those that there are. */
export function unknownCamera(camera: string, there: readonly string[]): string {
  const meant = nearest(camera, there);
  const question = meant === undefined ? '.' : `; did you mean "${meant}"?`;
  return `There is no camera ${JSON.stringify(camera)}${question} ${listed(there)}`;
}

function listed(there: readonly string[]): string {
  if (there.length === 0) return 'There is none at all.';
  const more = there.length > MOST_NAMED ? ` and ${there.length - MOST_NAMED} more` : '';
  return `There ${there.length === 1 ? 'is' : 'are'} ${there.slice(0, MOST_NAMED).join(', ')}${more}.`;
}
