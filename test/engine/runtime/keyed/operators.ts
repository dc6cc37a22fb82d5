import type { KeyedOperator } from '../../../../engine/contract/operator.ts';
import { recordId } from '../../../../engine/records/place.ts';

/** Operators throw on detections of this label. */
export const POISON = 'poison';
const SECOND_MS = 1_000;

/** `next` is a typed array, as trackers have: it comes back from the saved bytes as a view. */
interface Numbering {
  readonly next: Float64Array;
}

/**
 * Gives each detected object the next number of its camera, and passes gaps and marks on. A record that is lost, or taken twice, changes
 * every number behind it.
 */
export const numbering: KeyedOperator<Numbering, 'detections', 'tracks'> = {
  name: 'numbering',
  stateVersion: 1,
  consumes: 'detections',
  emits: ['tracks'],
  initial: () => ({ next: new Float64Array(1) }),
  process(record, { next }, out) {
    if (record.type !== 'detections') {
      out.emit('tracks', record);
      return;
    }
    const objects = record.objects.map((object) => {
      const number = next[0] ?? 0;
      next[0] = number + 1; // before the throw, so that a state that is not taken back shows
      if (object.label === POISON) throw new Error('cannot number poison');
      return { ...object, track: `${record.camera}/${number}`, state: 'confirmed' as const, since: record.time };
    });
    out.emit('tracks', { ...record, type: 'tracks', objects });
  },
};

/** Keeps readable rows: the last record of each camera, and how many tracked objects and lost places it had in all. */
export const tallying: KeyedOperator<{ lastId: string }, 'tracks', never> = {
  name: 'tallying',
  stateVersion: 1,
  consumes: 'tracks',
  emits: [],
  initial: () => ({ lastId: '' }),
  process(record, state, out) {
    state.lastId = record.id;
    out.table({ table: 'newest', row: record.camera, set: { id: record.id, time: record.time } });
    if (record.type === 'tracks') out.table({ table: 'totals', row: record.camera, add: { objects: record.objects.length } });
    if (record.type === 'gap') out.table({ table: 'totals', row: record.camera, add: { unseen: record.to - record.from + 1 } });
  },
};

interface Seconds {
  readonly camera: string;
  objects: number;
}

/**
 * Closes each second of event time that a record touches with a mark that tells its objects, as a window would. A gap over several
 * seconds closes all of them, so several records can stand at one place.
 */
export const seconds: KeyedOperator<Seconds, 'detections', 'tracks'> = {
  name: 'seconds',
  stateVersion: 1,
  consumes: 'detections',
  emits: ['tracks'],
  initial: (camera) => ({ camera, objects: 0 }),
  process(record, state, out) {
    if (record.type === 'detections') state.objects += record.objects.length;
    const until = record.type === 'gap' ? record.until : record.time;
    for (let end = endOfSecond(record.time); end <= endOfSecond(until); end += SECOND_MS) out.wakeAt(end);
  },
  onTime(time, state, out) {
    const { camera, objects } = state;
    const { place } = out;
    const id = recordId(camera, place, time);
    out.emit('tracks', { v: 1, type: 'mark', mark: 'heartbeat', id, camera, ...place, time, detail: `${objects} objects before` });
    state.objects = 0;
  },
};

function endOfSecond(time: number): number {
  return (Math.floor(time / SECOND_MS) + 1) * SECOND_MS;
}
