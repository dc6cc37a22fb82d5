import { comparePlaces, lastPlace, type Place, type Placed } from '../../../../engine/records/place.ts';
import type { RecordOf } from '../../../../engine/records/topic.ts';

/** The numbers that the numbering operator gave, in order. */
export function numbersOf(tracks: readonly RecordOf<'tracks'>[], camera = 'dock-1'): number[] {
  const own = tracks.flatMap((record) => (record.type === 'tracks' && record.camera === camera ? record.objects : []));
  return own.map(({ track }) => Number(track.split('/')[1]));
}

/**
 * What a reader keeps of a topic that two owners of a task have written to: by place, and where several records stand at one place, each
 * of them once.
 */
export function firstOfEachPlace<R extends Placed & { readonly id: string; readonly camera: string }>(records: readonly R[]): R[] {
  const reached = new Map<string, { place: Place; ids: Set<string> }>();
  return records.filter((record) => {
    const place = lastPlace(record);
    const known = reached.get(record.camera);
    const order = known === undefined ? 1 : comparePlaces(place, known.place);
    if (order < 0 || (order === 0 && known?.ids.has(record.id))) return false;
    if (order > 0) reached.set(record.camera, { place, ids: new Set([record.id]) });
    else known?.ids.add(record.id);
    return true;
  });
}
