import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cameras, serveCameras } from '../../../demo/cameras/index.ts';
import type { RecordOf } from '../../../engine/records/topic.ts';
import { SiteFolder } from '../../end-to-end/site-process.ts';
import { testClip } from '../../end-to-end/test-clips.ts';
import { has } from '../../requirements.ts';
import { Cluster, QUADRANTS } from './cluster.ts';

const LIMIT_MS = 300_000;
const RECORDINGS = ['line-a', 'line-b'];
const LIVE = 'dock-1';

const recordings = (pace: 'fast' | 'real-time') =>
  RECORDINGS.map((id) => ({ id, url: `file:${testClip('testsrc2', 12)}`, start: '2026-01-01T00:00:00Z', view: false as const, pace }));

/** Two processes of each role; each is ended and replaced by another one while recordings and a live camera are watched. */
describe.skipIf(!has('kafka') || !has('redis'))('a rolling restart of every role', { timeout: LIMIT_MS }, () => {
  let cameras: Cameras;
  let cluster: Cluster;
  let embedded: Record<'detections' | 'tracks', RecordOf<'detections' | 'tracks'>[]>;
  let codes: (number | null)[];

  beforeAll(async () => {
    cameras = await serveCameras({ clips: { [LIVE]: testClip('testsrc2', 6) } });
    cluster = await Cluster.open([...recordings('real-time'), { id: LIVE, url: cameras.url(LIVE), fps: 5, view: false }]);
    const first = ['connect', 'connect', 'detect,analyse', 'detect,analyse'].map((roles) => ({ roles, process: cluster.run(roles) }));
    embedded = await aloneAndUndisturbed();
    await cluster.said('up', [...RECORDINGS, LIVE]);
    codes = [];
    for (const { roles, process } of first) {
      process.child.kill('SIGTERM');
      codes.push((await process.exited).code);
      await cluster.run(roles).url();
    }
    const ends = await cluster.said('end', RECORDINGS);
    await Promise.all(ends.map(({ id }) => cluster.first('tracks', (record) => record.id === id)));
  }, LIMIT_MS);

  afterAll(async () => {
    await cluster?.close();
    cameras?.close();
  });

  it('lets every process end by itself within its time', () => {
    expect(codes).toEqual([0, 0, 0, 0]);
  });

  it.each(['detections', 'tracks'] as const)('gives the %s of recordings as one process does, byte for byte', async (topic) => {
    const found = (await cluster.account(topic)).filter(({ camera }) => RECORDINGS.includes(camera));
    expect(found.length).toBeGreaterThan(200);
    expect(accountOf(found)).toEqual(accountOf(embedded[topic]));
  });

  it('tells how long nobody watched a live camera that went to another process', async () => {
    const records = (await cluster.account('detections')).filter(({ camera }) => camera === LIVE);
    const openings = records.filter((record) => record.type === 'mark' && record.mark === 'up').slice(1);
    expect(openings.length).toBeGreaterThan(0);
    for (const opening of openings) {
      const before = records.findLast((record) => record.session < opening.session && record.type !== 'mark');
      const since = before?.type === 'gap' ? before.until : before?.time;
      // Not told where the last frame was still on its way to the log: a reader sees it.
      expect([since, undefined]).toContain(opening.type === 'mark' ? opening.since : Number.NaN);
      expect(opening.time - (since ?? 0)).toBeLessThan(15_000);
    }
  });
});

async function aloneAndUndisturbed() {
  const alone = new SiteFolder(recordings('fast'), { model: QUADRANTS });
  const run = alone.run('--until-end');
  expect((await run.exited).code, run.output).toBe(0);
  return { detections: await alone.records('detections'), tracks: await alone.records('tracks') };
}

/** Camera by camera, without what may differ between two runs. */
function accountOf(records: readonly RecordOf<'detections' | 'tracks'>[]): string[] {
  const inOrder = [...records].sort((a, b) => a.camera.localeCompare(b.camera));
  return inOrder.map((record) => JSON.stringify({ ...record, timing: undefined }));
}
