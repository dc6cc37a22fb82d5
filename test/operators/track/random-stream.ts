import { type SeededRandom, seededRandom } from '../../../bench/tracking/seeded-random.ts';
import type { DetectedObject, GapReason, MarkRecord } from '../../../engine/records/record.ts';
import { frame, gap, mark } from '../../records.ts';
import { type Input, parcel, settings } from './run-tracker.ts';

const REASONS: readonly GapReason[] = ['stale', 'overload', 'still', 'failed', 'lost', 'broker', 'decode', 'skipped'];
const MARKS: readonly MarkRecord['mark'][] = ['heartbeat', 'clock', 'down', 'end'];

/** A valid account of a camera: moving, flickering objects, gaps of all reasons, marks of all kinds, changed settings and new sessions. */
export function randomStream(seed: number, length: number): Input[] {
  const random = seededRandom(seed);
  const objects = Array.from({ length: 8 }, () => ({ x: random.next(), y: random.between(0, 0.8), dx: random.between(-0.02, 0.02) }));
  const stream: Input[] = [];
  let [session, seq, time] = [1, 0, 1_000_000];
  const next = (places: number) => {
    seq += places;
    time += 100 * places;
  };
  while (stream.length < length) {
    const chance = random.next();
    const at = { session, time };
    for (const object of objects) object.x = (object.x + object.dx + 1) % 1;
    if (chance < 0.88) stream.push(frame(seq, detections(objects, random), at));
    else if (chance < 0.94) {
      const places = 1 + Math.floor(random.next() * 15);
      stream.push(gap(seq, seq + places - 1, pick(REASONS, random), { ...at, until: time + 100 * (places - 1) }));
      next(places - 1);
    } else if (chance < 0.97) stream.push(mark(pick(MARKS, random), seq, { ...at, correctionMs: Math.round(random.between(-3000, 3000)) }));
    else if (chance < 0.985)
      stream.push({ ...settings(seq, { coastMs: random.between(200, 2000), confirmSightings: 1 + (seq % 3) }), ...at });
    else {
      session++;
      seq = 0;
      stream.push(mark('up', 0, { session, time }));
    }
    next(1);
  }
  return stream;
}

function detections(objects: readonly { x: number; y: number }[], random: SeededRandom): DetectedObject[] {
  const labels = ['parcel', 'damaged-parcel', 'tote'];
  const seen = objects.filter(() => random.next() < 0.85);
  return seen.map(({ x, y }) =>
    parcel(Math.min(0.9, x), random.between(0.1, 1), random.next() < 0.9 ? labels[0] : pick(labels, random), y),
  );
}

function pick<T>(from: readonly T[], random: SeededRandom): T {
  return from[Math.floor(random.next() * from.length)];
}
