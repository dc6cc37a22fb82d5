import type { StreamRecord, TracksRecord } from '../../engine/records/record.ts';
import { detected, FRAME_MS, gap, mark, START_MS, tracked } from '../records.ts';

export const CAMERAS = ['dock-1', 'gate', 'line-a'] as const;
const SECOND_SESSION_MS = 140_000;
const MINUTE_MS = 60_000;

/** One row of the samples' table: what a camera saw in a minute. */
export interface Minute {
  readonly camera: string;
  readonly minute: number;
  looked: number;
  unseen: number;
  most: number;
}

function time(session: number, seq: number): number {
  return START_MS + (session - 1) * SECOND_SESSION_MS + seq * FRAME_MS;
}

/** Frame `seq` of a session: `seq % 4` objects that are trusted and one that is not yet. */
function look(camera: string, session: number, seq: number): TracksRecord {
  const object = (track: number, state: 'confirmed' | 'tentative') => ({
    ...detected(),
    track: `${camera}/${session}/${track}`,
    state,
    since: START_MS,
  });
  const confirmed = Array.from({ length: seq % 4 }, (_, track) => object(track, 'confirmed'));
  return tracked(seq, [...confirmed, object(99, 'tentative')], { camera, session, time: time(session, seq) });
}

/** A camera's records as they may stand in Kafka: with what came twice, a gap with other borders, and a hole. */
export function cameraRecords(camera: string): StreamRecord[] {
  const looks = (session: number, from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, index) => look(camera, session, from + index));
  return [
    mark('up', 0, { camera }),
    ...looks(1, 1, 399),
    gap(400, 450, 'stale', { camera }),
    gap(451, 460, 'still', { camera }),
    ...looks(1, 461, 700),
    ...looks(1, 650, 689), // a writer began again
    gap(690, 705, 'failed', { camera }),
    ...looks(1, 706, 999), // 1000…1019 never came
    ...looks(1, 1020, 1300),
    mark('up', 0, { camera, session: 2, time: time(2, 0) }),
    ...looks(2, 1, 200),
  ];
}

/** Counted place by place, the first record that covers a place holding: not by the place rule, and not by a sample. */
export function expectedMinutes(records: readonly StreamRecord[]): Minute[] {
  const covers = new Map<string, StreamRecord>();
  const last = new Map<string, number>();
  for (const record of records) {
    const [from, to] = record.type === 'gap' ? [record.from, record.to] : [record.seq, record.seq];
    const session = `${record.camera} ${record.session}`;
    for (let seq = from; seq <= to; seq += 1) if (!covers.has(`${session} ${seq}`)) covers.set(`${session} ${seq}`, record);
    last.set(session, Math.max(to, last.get(session) ?? 0));
  }
  const minutes = new Map<string, Minute>();
  for (const [key, end] of last) {
    const [camera = '', session = ''] = key.split(' ');
    for (let seq = 0; seq <= end; seq += 1) {
      const minute = Math.floor(time(Number(session), seq) / MINUTE_MS);
      const row = minutes.get(`${camera} ${minute}`) ?? { camera, minute, looked: 0, unseen: 0, most: 0 };
      minutes.set(`${camera} ${minute}`, row);
      countPlace(row, covers.get(`${key} ${seq}`));
    }
  }
  return [...minutes.values()].sort((a, b) => a.camera.localeCompare(b.camera) || a.minute - b.minute);
}

function countPlace(row: Minute, record: StreamRecord | undefined): void {
  if (record === undefined || (record.type === 'gap' && record.reason !== 'still')) row.unseen += 1;
  if (record?.type !== 'tracks') return;
  row.looked += 1;
  row.most = Math.max(row.most, record.objects.filter(({ state }) => state === 'confirmed').length);
}
