import type { RecordOf } from '../../../../engine/records/topic.ts';

/** The numbers that the numbering operator gave, in order. */
export function numbersOf(tracks: readonly RecordOf<'tracks'>[], camera = 'dock-1'): number[] {
  const own = tracks.flatMap((record) => (record.type === 'tracks' && record.camera === camera ? record.objects : []));
  return own.map(({ track }) => Number(track.split('/')[1]));
}

/** What a reader keeps of a topic in which a place came twice: the first record of each place, and of each number at a place. */
export function firstOfEachPlace<R extends { readonly id: string; readonly camera: string; readonly session: number }>(
  records: readonly R[],
): R[] {
  const known = new Set<string>();
  return records.filter(({ id }) => {
    const isNew = !known.has(id);
    known.add(id);
    return isNew;
  });
}
