import type { Recorded } from '../connectors/index.ts';
import type { Log } from '../engine/log/index.ts';
import { firstPlace } from '../engine/records/place.ts';
import { endTime, type Progress } from '../engine/records/place-rule.ts';
import type { RecordOf } from '../engine/records/topic.ts';

const PAGE = 512;

/**
 * How far the records of some cameras reach, whose partitions are known. Of a recording (`true`), which goes on, also which settings were
 * in force, when it began and up to when its frames are recorded: that is looked up in the log, from the first record of the camera that
 * is still there.
 */
export async function readRecordedOf(log: Log, cameras: ReadonlyMap<string, boolean>): Promise<ReadonlyMap<string, Recorded>> {
  const recorded = new Map<string, Recorded>();
  for (const [partition, here] of Map.groupBy(cameras, ([camera]) => log.partitionOf(camera))) {
    const progress = await log.progress('detections', partition);
    for (const [camera, isRecording] of here) {
      const reached = progress.get(camera);
      if (reached !== undefined) recorded.set(camera, isRecording ? await withDetails(log, partition, camera, reached) : reached);
    }
  }
  return recorded;
}

type Details = Pick<Recorded, 'settings' | 'began' | 'framesUntil'>;

async function withDetails(log: Log, partition: number, camera: string, progress: Progress): Promise<Recorded> {
  // Where retention has taken the first records of the camera, frames were among them.
  let details: Details = { framesUntil: progress.time };
  let first = true;
  for await (const record of recordsOf(log, partition, camera)) {
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

async function* recordsOf(log: Log, partition: number, camera: string): AsyncGenerator<RecordOf<'detections'>> {
  const { start, end } = await log.bounds('detections', partition);
  for (let from = start; from < end; ) {
    const { entries, next } = await log.read('detections', partition, { from, limit: PAGE, camera });
    for (const { record } of entries) yield record;
    if (next === from) break;
    from = next;
  }
}
