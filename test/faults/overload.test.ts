import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { serveCameras } from '../../demo/cameras/index.ts';
import { checkAccount } from '../../engine/records/account.ts';
import type { DetectionsRecord } from '../../engine/records/record.ts';
import type { RecordOf } from '../../engine/records/topic.ts';
import { untilRecords } from '../end-to-end/followed-records.ts';
import { SiteFolder } from '../end-to-end/site-process.ts';
import { stillClip } from '../end-to-end/test-clips.ts';

/** Half a second and more for each white frame. */
const SLOW_MODEL = resolve('test/fixtures/models/slow.onnx');
const CAMERAS = ['dock', 'gate', 'line'];
const FRESHNESS_MS = 1000;
const LOOKED_AT_EACH = 8;

/** Thirty frames a second for a model that takes half a second for one: seven times too much on two free cores, more on busy ones. */
describe('cameras that send several times what the model can look at', { timeout: 180_000 }, () => {
  it('are told of what was shed, looked at in fair turn, and never late', async () => {
    const clip = stillClip('white', 4);
    const served = await serveCameras({ clips: Object.fromEntries(CAMERAS.map((name) => [name, clip])) });
    const site = new SiteFolder(
      CAMERAS.map((id) => ({ id, url: served.url(id), freshness: FRESHNESS_MS, view: false })),
      { model: SLOW_MODEL },
    );
    const running = site.run();
    const isLook = (camera: string) => (record: RecordOf<'detections'>) => record.type === 'detections' && record.camera === camera;
    await Promise.all(CAMERAS.map((camera) => untilRecords(running, 'detections', LOOKED_AT_EACH, isLook(camera))));
    await running.kill('SIGTERM');
    served.close();
    const records = await site.records('detections');

    const { breaches, cameras } = checkAccount(records, { topic: 'detections' });
    expect(breaches).toEqual([]);
    const shed = [...cameras.values()].map(({ frames, gaps }) => ({
      frames,
      shed: (gaps.overload ?? 0) + (gaps.stale ?? 0),
      lost: gaps.lost ?? 0,
    }));
    for (const { frames, shed: told, lost } of shed) {
      expect(told).toBeGreaterThan(2 * frames);
      expect(lost).toBe(0);
    }
    const looked = shed.map(({ frames }) => frames);
    expect(Math.max(...looked)).toBeLessThanOrEqual(Math.min(...looked) + 3);
    const ages = records
      .filter((record): record is DetectionsRecord => record.type === 'detections')
      .map(({ timing }) => timing.decoded + timing.waited);
    expect(ages.toSorted((a, b) => a - b)[Math.floor(0.95 * ages.length)]).toBeLessThanOrEqual(FRESHNESS_MS);
  });
});
