import type { Recorded } from '../connectors/index.ts';
import type { Log } from '../engine/log/index.ts';
import { comparePlaces, firstPlace, lastPlace } from '../engine/records/place.ts';
import { endTime, PlaceRule, type Progress } from '../engine/records/place-rule.ts';
import type { RecordOf } from '../engine/records/topic.ts';

const PAGE = 512;
/** Of a live camera the last frame is looked for so far back, in event time. */
const LOOK_BACK_MS = 10_000;

/**
 * How far the records of some cameras reach, whose partitions are known. Of a recording (`true`), which goes on, also which settings were
 * in force, when it began and up to when its frames are recorded: that is looked up in the log, from the first record of the camera that
 * is still there. Of a live camera, when its last frame was, if that is not long ago.
 */
export async function readRecordedOf(log: Log, cameras: ReadonlyMap<string, boolean>): Promise<ReadonlyMap<string, Recorded>> {
  const recorded = new Map<string, Recorded>();
  for (const [partition, here] of Map.groupBy(cameras, ([camera]) => log.partitionOf(camera))) {
    const progress = await log.progress('detections', partition);
    for (const [camera, isRecording] of here) {
      const reached = progress.get(camera);
      if (reached !== undefined) recorded.set(camera, await (isRecording ? withDetails : withLastFrame)(log, partition, camera, reached));
    }
  }
  return recorded;
}

type Details = Pick<Recorded, 'settings' | 'began' | 'framesUntil'>;

async function withDetails(log: Log, partition: number, camera: string, progress: Progress): Promise<Recorded> {
  // Where retention has taken the first records of the camera, frames were among them.
  let details: Details = { framesUntil: progress.time };
  let first = true;
  const { start } = await log.bounds('detections', partition);
  for await (const record of recordsUpTo(log, partition, camera, progress, start)) {
    if (first && firstPlace(record).seq === 0) details = {};
    first = false;
    details = after(details, record, progress.session);
  }
  return { ...progress, ...details };
}

function after(details: Details, record: RecordOf<'detections'>, session: number): Details {
  if (record.type !== 'mark') return { ...details, framesUntil: endTime(record) };
  if (record.session !== session) return details;
  if (record.mark === 'up') return { ...details, began: record.start ?? record.time };
  return record.mark === 'settings' && record.hash !== undefined ? { ...details, settings: record.hash } : details;
}

async function withLastFrame(log: Log, partition: number, camera: string, progress: Progress): Promise<Recorded> {
  let framesUntil: number | undefined;
  const from = await log.seekTime('detections', partition, progress.time - LOOK_BACK_MS, camera);
  for await (const record of recordsUpTo(log, partition, camera, progress, from)) {
    if (record.type !== 'mark') framesUntil = endTime(record);
  }
  return { ...progress, ...(framesUntil === undefined ? {} : { framesUntil }) };
}

/** What readers take of a camera's records from a position on, and nothing behind `progress`: others may write meanwhile. */
async function* recordsUpTo(
  log: Log,
  partition: number,
  camera: string,
  progress: Progress,
  start: number,
): AsyncGenerator<RecordOf<'detections'>> {
  const { end } = await log.bounds('detections', partition);
  const rule = new PlaceRule();
  for (let from = start; from < end; ) {
    const { entries, next } = await log.read('detections', partition, { from, limit: PAGE, camera });
    for (const entry of entries) {
      const { record } = rule.admit<RecordOf<'detections'>>(entry.record);
      if (record === undefined) continue;
      if (comparePlaces(lastPlace(record), progress) > 0) return;
      yield record;
    }
    if (next === from) break;
    from = next;
  }
}
