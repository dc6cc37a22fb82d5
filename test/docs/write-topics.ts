/**
 * Writes real records into `docs/topics.md`: runs a site with a simulated camera that goes down, damages a record in its log, and takes
 * the first of each kind. About a minute: node test/docs/write-topics.ts
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { serveCameras } from '../../demo/cameras/index.ts';
import type { AnyRecord } from '../../engine/records/topic.ts';
import { TOPIC_NAMES } from '../../engine/records/topic.ts';
import { SiteFolder } from '../end-to-end/site-process.ts';
import { until } from '../end-to-end/until.ts';
import { replaceBlock } from './marked-block.ts';

const PAGE = new URL('../../docs/topics.md', import.meta.url);
const CAMERA = 'line-a';
const WITHIN_MS = 180_000;

/** What the page shows of each kind: of the records that show what it is about, the shortest. */
const SHOWN: Readonly<Record<string, (record: AnyRecord) => boolean>> = {
  detections: (record) => record.type === 'detections' && record.objects.length > 0 && record.picture !== undefined,
  gap: ({ type }) => type === 'gap',
  mark: (record) => record.type === 'mark' && record.mark === 'down' && record.since !== undefined,
  tracks: (record) => record.type === 'tracks' && record.objects.some(({ state }) => state === 'confirmed'),
  alert: ({ type }) => type === 'alert',
  'dead-letter': ({ type }) => type === 'dead-letter',
};

const served = await serveCameras({ clips: { [CAMERA]: resolve(`demo/footage/clips/${CAMERA}.mp4`) } });
const site = new SiteFolder([{ id: CAMERA, url: served.url(CAMERA), fps: 15, freshness: 100 }], { model: resolve('models/parcels') });
const running = site.run('--log-level', 'error');
await untilThereAre('detections', 'gap', 'tracks');
await served.fault(CAMERA, { refuse: true, disconnect: 'reset' });
await untilThereAre('mark', 'alert');
await running.kill('SIGTERM');
const records = await allRecords();
damageOne();
const again = site.run('--log-level', 'error');
await untilThereAre('dead-letter');
await again.kill('SIGTERM');
served.close();
records.push(...(await site.records('dead-letters')));

const page = Object.entries(SHOWN).reduce(
  (text, [kind, isShown]) => replaceBlock(text, kind, blockOf(shortest(records.filter(isShown)))),
  readFileSync(PAGE, 'utf8'),
);
writeFileSync(PAGE, page);

function untilThereAre(...kinds: string[]): Promise<boolean> {
  return until(`there are ${kinds}`, async () => isThere(await allRecords(), kinds), WITHIN_MS);
}

function isThere(seen: readonly AnyRecord[], kinds: readonly string[]): boolean {
  return kinds.every((kind) => seen.some((record) => SHOWN[kind]?.(record)));
}

async function allRecords(): Promise<AnyRecord[]> {
  return (await Promise.all(TOPIC_NAMES.map((topic) => site.recordsSoFar(topic)))).flat();
}

/** Adds a record to the log that is cut off: as after damage to the file. */
function damageOne(): void {
  const database = new DatabaseSync(site.database);
  database.exec(`
    INSERT INTO log_detections
      SELECT position + 1, camera, session, last_seq + 1, last_seq + 1, time, until, written_at, substr(body, 1, 160)
      FROM log_detections ORDER BY position DESC LIMIT 1;
    UPDATE topics SET next_position = next_position + 1 WHERE topic = 'detections'`);
  database.close();
}

function shortest(records: readonly AnyRecord[]): AnyRecord | undefined {
  return records.toSorted((a, b) => JSON.stringify(a).length - JSON.stringify(b).length)[0];
}

function blockOf(record: AnyRecord | undefined): string {
  if (record === undefined) throw new Error('a kind of record is missing');
  return ['```json', JSON.stringify(record, null, 2), '```'].join('\n');
}
