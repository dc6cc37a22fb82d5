import type { TrackedObject, TracksRecord } from '../../../engine/records/record.ts';

/**
 * What is drawn of a record: the objects that the model saw in this very frame. A box that is only predicted (`coasting`) says where
 * something may be; drawn on a picture it would look like something that was seen.
 */
export function seenObjects({ objects }: TracksRecord): TrackedObject[] {
  return objects.filter(({ state }) => state !== 'coasting');
}
