import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Cameras, serveCameras } from '../../demo/cameras/index.ts';
import { checkAccount } from '../../engine/records/account.ts';
import { type SiteCamera, SiteFolder } from '../end-to-end/site-process.ts';
import { testClip } from '../end-to-end/test-clips.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const MODEL = `${process.cwd()}/test/fixtures/models/quadrants.onnx`;
const GOOD = ['camera-0', 'camera-1'];

function goodCameras(): SiteCamera[] {
  return [testClip('testsrc2', 20), testClip('smptebars', 20)].map((file, n) => ({ id: `camera-${n}`, url: `file:${file}`, view: false }));
}

/** What a run writes about the good cameras, without the times that a run may differ in. */
async function accountOfGood(cameras: readonly SiteCamera[]): Promise<Record<string, string[]>> {
  const site = new SiteFolder(cameras, { model: MODEL });
  const running = site.run('--until-end', '--log-level', 'error');
  expect(await running.exited, running.output).toMatchObject({ code: 0 });
  const records = await site.records('tracks');
  expect(checkAccount(records, { topic: 'tracks' }).breaches).toEqual([]);
  expect(checkAccount(await site.records('detections'), { topic: 'detections' }).breaches).toEqual([]);
  const lines = (camera: string) =>
    records.filter((record) => record.camera === camera).map((record) => JSON.stringify({ ...record, timing: undefined }));
  return Object.fromEntries(GOOD.map((camera) => [camera, lines(camera)]));
}

async function badCameras(served: Cameras): Promise<SiteCamera[]> {
  const junk = join(temporaryFolder(), 'junk.mp4');
  writeFileSync(junk, Buffer.alloc(200_000, 'this is no video '));
  await served.fault('corrupt', { corrupt: { rate: 0.2, seed: 3 } });
  await served.fault('mute', { mute: true });
  await served.fault('fast', { speed: 6 });
  const bad = [
    ...served.names.map((name) => ({ id: name, url: served.url(name), fps: 30 })),
    { id: 'refusing', url: 'rtsp://127.0.0.1:9/stream' },
  ];
  return [...bad, { id: 'junk', url: `file:${junk}` }];
}

describe('cameras that are corrupt, mute, flapping, ninety frames a second, not there and no video', { timeout: 180_000 }, () => {
  it('change nothing in the records of their neighbours', async () => {
    const clip = testClip('testsrc2', 4);
    const served = await serveCameras({ clips: { corrupt: clip, mute: clip, flapping: clip, fast: clip } });
    const flapping = setInterval(() => void served.fault('flapping', { disconnect: 'reset' }), 700);
    try {
      const disturbed = await accountOfGood([...goodCameras(), ...(await badCameras(served))]);
      expect(disturbed['camera-0']?.filter((line) => line.includes('"type":"tracks"'))).toHaveLength(200);
      expect(disturbed).toEqual(await accountOfGood(goodCameras()));
    } finally {
      clearInterval(flapping);
      served.close();
    }
  });
});
