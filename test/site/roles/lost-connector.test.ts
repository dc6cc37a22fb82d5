import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cameras, serveCameras } from '../../../demo/cameras/index.ts';
import type { AlertRecord, MarkRecord } from '../../../engine/records/record.ts';
import type { RecordOf } from '../../../engine/records/topic.ts';
import type { SiteProcess } from '../../end-to-end/site-process.ts';
import { testClip } from '../../end-to-end/test-clips.ts';
import { has } from '../../requirements.ts';
import { Cluster, sessionsOf } from './cluster.ts';

const LIMIT_MS = 300_000;
const DOCKS = ['dock-1', 'dock-2'];

/** One process that connects cameras stands still, then goes on; then all are killed; then a new one comes. */
describe.skipIf(!has('kafka') || !has('redis'))('cameras whose process is lost', { timeout: LIMIT_MS }, () => {
  let cameras: Cameras;
  let cluster: Cluster;
  let still: SiteProcess;
  let takenOver: MarkRecord[];
  let stillSaid: string;
  let down: MarkRecord[];
  let opened: AlertRecord[];
  let back: MarkRecord[];
  let records: RecordOf<'detections'>[];
  const at: Record<'stood' | 'killed', number> = { stood: 0, killed: 0 };

  beforeAll(async () => {
    cameras = await serveCameras({ clips: Object.fromEntries(DOCKS.map((id) => [id, testClip('testsrc2', 6)])) });
    cluster = await Cluster.open(DOCKS.map((id) => ({ id, url: cameras.url(id), fps: 5, view: false })));
    cluster.run('detect,analyse');
    still = cluster.run('connect');
    await cluster.said('up', DOCKS);
    await cluster.first('tracks', ({ type }) => type === 'tracks');
    const other = cluster.run('connect');
    await other.url();
    at.stood = Date.now();
    still.child.kill('SIGSTOP');
    takenOver = await cluster.said('up', DOCKS, sessionsAt(await cluster.account('detections'), at.stood));
    still.child.kill('SIGCONT');
    [stillSaid = ''] = await still.says(/"[^"]*lease of camera[^"]* was lost[^"]*"/);
    [at.killed] = [Date.now(), still.child.kill('SIGKILL'), other.child.kill('SIGKILL')];
    down = await cluster.said('down', DOCKS);
    opened = await Promise.all(DOCKS.map((id) => cluster.first('alerts', ({ camera, kind }) => camera === id && kind === 'camera-down')));
    cluster.run('connect');
    back = await cluster.said('up', DOCKS, sessionsOf(down));
    records = await cluster.account('detections');
  }, LIMIT_MS);

  afterAll(async () => {
    await cluster?.close();
    cameras?.close();
  });

  it('are watched by another one within 15 s', () => {
    console.log(
      takenOver.map(({ time }) => time - at.stood),
      down.map(({ time }) => time - at.killed),
    );
    for (const { time } of takenOver) expect(time - at.stood).toBeLessThan(15_000);
  });

  it('are left alone by the one that stood still, in every record that readers take', () => {
    expect(stillSaid).toContain('left to the other members');
    for (const { camera, session } of takenOver) {
      const mine = records.filter((record) => record.camera === camera);
      const from = mine.findIndex((record) => record.session === session);
      expect(mine.slice(from).filter((record) => record.session < session)).toEqual([]);
    }
  });

  it('are told to be down when nobody is left, within 20 s, and an alert says so', () => {
    for (const mark of down) {
      expect(mark).toMatchObject({ cause: 'no connector', seq: 0 });
      expect(mark.time - at.killed).toBeLessThan(20_000);
    }
    expect(opened).toEqual(DOCKS.map((camera) => expect.objectContaining({ camera, state: 'opened', cause: 'no connector' })));
  });

  it('are told to be down since their last frame, and go on above that when somebody takes them', () => {
    for (const { camera, session, since } of down) {
      const seen = records.filter((record) => record.camera === camera && record.session < session && record.type !== 'mark').at(-1);
      expect(since).toBe(seen?.type === 'gap' ? seen.until : seen?.time);
      const [next] = back.filter((mark) => mark.camera === camera);
      expect(records).toContainEqual(next);
      expect(next?.session).toBeGreaterThan(session);
    }
  });

  it('are accounted for, place by place, by detections and by tracks', async () => {
    expect(sessionsOf(records).size).toBe(DOCKS.length);
    expect(sessionsOf(await cluster.account('tracks')).size).toBe(DOCKS.length);
  });
});

/** The newest session of each camera whose last record is not younger than a moment. */
function sessionsAt(records: readonly RecordOf<'detections'>[], time: number): Map<string, number> {
  return sessionsOf(records.filter((record) => record.time <= time));
}
