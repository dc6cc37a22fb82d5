import { comparePlaces } from '../records/place.ts';
import type { Progress } from '../records/place-rule.ts';
import type { RecordRow } from './record-row.ts';

/** How far the cameras of some rows reach afterwards; never falls, whatever is written. */
export function advance(known: ReadonlyMap<string, Progress>, rows: readonly RecordRow[]): Map<string, Progress> {
  const changed = new Map<string, Progress>();
  for (const { record, session, lastSeq: seq, until } of rows) {
    const before = changed.get(record.camera) ?? known.get(record.camera);
    if (before !== undefined && comparePlaces({ session, seq }, before) <= 0) continue;
    changed.set(record.camera, { session, seq, time: Math.max(until, before?.time ?? 0) });
  }
  return changed;
}
