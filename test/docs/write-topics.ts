/**
 * Writes real records into `docs/topics.md`: runs a site with a simulated camera that goes down, damages a record in its log, and takes
 * the first of each kind. About a minute: node test/docs/write-topics.ts
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { serveCameras } from '../../demo/cameras/index.ts';
import { type AnyRecord, TOPIC_NAMES, type Topic } from '../../engine/records/topic.ts';
import { firstRecord } from '../end-to-end/followed-records.ts';
import { SiteFolder, type SiteProcess } from '../end-to-end/site-process.ts';
import { replaceBlock } from './marked-block.ts';

const PAGE = new URL('../../docs/topics.md', import.meta.url);
const CAMERA = 'line-a';

interface Kind {
  readonly topic: Topic;
  /** What shows what the kind is about. */
  shows(record: AnyRecord): boolean;
}

/** Of each kind the page shows the shortest record. */
const KINDS = {
  detections: {
    topic: 'detections',
    shows: (record) => record.type === 'detections' && record.objects.length > 0 && record.picture !== undefined,
  },
  gap: { topic: 'detections', shows: ({ type }) => type === 'gap' },
  mark: { topic: 'detections', shows: (record) => record.type === 'mark' && record.mark === 'down' && record.since !== undefined },
  tracks: { topic: 'tracks', shows: (record) => record.type === 'tracks' && record.objects.some(({ state }) => state === 'confirmed') },
  alert: { topic: 'alerts', shows: ({ type }) => type === 'alert' },
  'dead-letter': { topic: 'dead-letters', shows: ({ type }) => type === 'dead-letter' },
} as const satisfies Record<string, Kind>;

const served = await serveCameras({ clips: { [CAMERA]: resolve(`demo/footage/clips/${CAMERA}.mp4`) } });
const site = new SiteFolder([{ id: CAMERA, url: served.url(CAMERA), fps: 15, freshness: 100 }], { model: resolve('models/parcels') });
const running = site.run();
await untilThereAre(running, 'detections', 'gap', 'tracks');
await served.fault(CAMERA, { refuse: true, disconnect: 'reset' });
await untilThereAre(running, 'mark', 'alert');
await running.kill('SIGTERM');
const records = await allRecords();
damageOne();
const again = site.run();
await untilThereAre(again, 'dead-letter');
await again.kill('SIGTERM');
served.close();
records.push(...(await site.records('dead-letters')));

const page = Object.entries(KINDS).reduce(
  (text, [kind, { shows }]) => replaceBlock(text, kind, blockOf(shortest(records.filter(shows)))),
  readFileSync(PAGE, 'utf8'),
);
writeFileSync(PAGE, page);

async function untilThereAre(site: SiteProcess, ...kinds: (keyof typeof KINDS)[]): Promise<void> {
  for (const kind of kinds) await firstRecord<Topic>(site, KINDS[kind].topic, KINDS[kind].shows);
}

async function allRecords(): Promise<AnyRecord[]> {
  return (await Promise.all(TOPIC_NAMES.map((topic) => site.records(topic)))).flat();
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
