import type { RecordOf } from '../../../../engine/records/topic.ts';
import { POISON } from './operators.ts';

type Detections = RecordOf<'detections'>;

/** What a camera's output must be: a line for each record of `tracks`, its dead letters, and its totals. */
export interface Expected {
  readonly lines: string[];
  readonly deadLetters: string[];
  readonly totals: { readonly objects: number; readonly unseen: number };
}

const SECOND_MS = 1_000;

/**
 * What the operators `numbering`, `seconds` and `tallying` must bring out for what was written, worked out without the engine: place by
 * place, in one go, with neither batches nor checkpoints, for each camera by itself.
 */
export function expectedOf(written: readonly Detections[]): Map<string, Expected> {
  const cameras = Map.groupBy(
    written.map((record, position) => ({ record, position })),
    ({ record }) => record.camera,
  );
  return new Map([...cameras].map(([camera, inputs]) => [camera, expectedOfCamera(camera, inputs)]));
}

/** How a record of `tracks` is written down for the comparison. */
export function lineOf(record: RecordOf<'tracks'>): string {
  if (record.type === 'gap') return `${record.session}: ${record.from}-${record.to} ${record.reason} ${record.time}..${record.until}`;
  if (record.type === 'mark') return `${record.session}: ${record.seq} ${record.mark} ${record.time} ${record.detail ?? ''}`;
  return `${record.session}: ${record.seq} ${record.time} ${record.objects.map(({ track }) => track.split('/')[1]).join()}`;
}

function expectedOfCamera(camera: string, inputs: readonly { readonly record: Detections; readonly position: number }[]): Expected {
  const lines: string[] = [];
  const deadLetters: string[] = [];
  let [objects, unseen, number, clock, counted] = [0, 0, 0, 0, 0];
  const ends = new Set<number>();
  let [session, last] = [-1, -1];

  function closeSeconds(session: number, seq: number, time: number): void {
    for (const end of [...ends].sort((a, b) => a - b).filter((end) => end <= time)) {
      lines.push(`${session}: ${seq} heartbeat ${end} ${counted} objects before`);
      counted = 0;
      ends.delete(end);
    }
    clock = Math.max(clock, time);
  }
  function openSeconds(from: number, to: number): void {
    for (let end = Math.floor(from / SECOND_MS) + 1; end <= Math.floor(to / SECOND_MS) + 1; end++)
      ends.add(Math.max(end * SECOND_MS, clock + 1));
  }
  function takeGap(session: number, from: number, to: number, reason: string, time: number, until: number): void {
    closeSeconds(session, to, Math.max(time, clock));
    lines.push(`${session}: ${from}-${to} ${reason} ${time}..${until}`);
    unseen += to - from + 1;
    openSeconds(time, until);
    closeSeconds(session, to, Math.max(until, clock));
  }

  for (const { record, position } of inputs) {
    const all = record.type === 'gap' ? range(record.from, record.to) : [record.seq];
    const fresh = record.session > session ? all : record.session < session ? [] : all.filter((seq) => seq > last);
    const [first, final] = [fresh[0], fresh.at(-1)];
    if (first === undefined || final === undefined) continue;
    const known = clock;
    const missing = record.session === session ? last + 1 : 0;
    if (missing < first) takeGap(record.session, missing, first - 1, 'lost', known || record.time, Math.max(known, record.time));
    [session, last] = [record.session, final];
    const before = known;
    if (record.type === 'gap') {
      const cut = fresh.length < all.length;
      takeGap(session, first, final, record.reason, cut ? before : record.time, cut ? Math.max(before, record.until) : record.until);
    } else if (record.type === 'detections' && record.objects.some(({ label }) => label === POISON)) {
      deadLetters.push(`${position} ${camera}/${session}/${record.seq}`);
      takeGap(session, first, final, 'failed', record.time, Math.max(known, record.time));
    } else {
      closeSeconds(session, final, Math.max(record.time, clock));
      const numbers = record.type === 'detections' ? record.objects.map(() => number++) : [];
      objects += numbers.length;
      counted += numbers.length;
      lines.push(
        record.type === 'mark'
          ? `${session}: ${final} ${record.mark} ${record.time} `
          : `${session}: ${final} ${record.time} ${numbers.join()}`,
      );
      openSeconds(record.time, record.time);
    }
  }
  return { lines, deadLetters, totals: { objects, unseen } };
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
