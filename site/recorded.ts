import type { Recorded } from '../connectors/index.ts';
import type { Log } from '../engine/log/index.ts';
import type { Progress } from '../engine/records/place-rule.ts';
import type { MarkRecord } from '../engine/records/record.ts';

const PAGE = 512;

/**
 * How far the records of each camera reach. Of a recording that goes on, also which settings were in force and when its session began:
 * that is looked up in the log, from the first record of the session that is still there.
 */
export async function readRecorded(log: Log, recordings: ReadonlySet<string>): Promise<ReadonlyMap<string, Recorded>> {
  const recorded = new Map<string, Recorded>();
  for (let partition = 0; partition < log.partitions; partition += 1) {
    for (const [camera, progress] of await log.progress('detections', partition)) {
      recorded.set(camera, recordings.has(camera) ? await withMarks(log, partition, camera, progress) : progress);
    }
  }
  return recorded;
}

async function withMarks(log: Log, partition: number, camera: string, progress: Progress): Promise<Recorded> {
  const marks = (await readMarks(log, partition, camera)).filter(({ session }) => session === progress.session);
  const hash = marks.findLast(({ mark }) => mark === 'settings')?.hash;
  const began = marks[0]?.time;
  return { ...progress, ...(hash === undefined ? {} : { settings: hash }), ...(began === undefined ? {} : { began }) };
}

async function readMarks(log: Log, partition: number, camera: string): Promise<MarkRecord[]> {
  const marks: MarkRecord[] = [];
  const { start, end } = await log.bounds('detections', partition);
  for (let from = start; from < end; ) {
    const { entries, next } = await log.read('detections', partition, { from, limit: PAGE, camera });
    for (const { record } of entries) if (record.type === 'mark') marks.push(record);
    if (next === from) break;
    from = next;
  }
  return marks;
}
