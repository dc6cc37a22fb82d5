import { describe, expect, it } from 'vitest';
import { type Cameras, type Order, serveCameras } from '../../demo/cameras/index.ts';
import { checkAccount } from '../../engine/records/account.ts';
import type { RecordOf } from '../../engine/records/topic.ts';
import { firstRecord } from '../end-to-end/followed-records.ts';
import { SiteFolder } from '../end-to-end/site-process.ts';
import { stillClip } from '../end-to-end/test-clips.ts';

const MODEL = `${process.cwd()}/test/fixtures/models/quadrants.onnx`;
const NAMES = Array.from({ length: 64 }, (_, n) => `camera-${n}`);

type Detections = RecordOf<'detections'>;

async function orderAll(served: Cameras, order: Order): Promise<void> {
  for (const name of served.names) await served.fault(name, order);
}

describe('sixty-four cameras behind one switch', { timeout: 300_000 }, () => {
  it('vanish together and come back together, each in a new session, and every frame is accounted for', async () => {
    const clip = stillClip('gray', 4, 2);
    const served = await serveCameras({ clips: Object.fromEntries(NAMES.map((name) => [name, clip])) });
    const site = new SiteFolder(
      NAMES.map((id) => ({ id, url: served.url(id), fps: 1, freshness: 5000, view: false })),
      { model: MODEL },
    );
    const running = site.run();
    /** Resolves when each camera has such a record. */
    const all = (what: (record: Detections) => boolean) => {
      const cameras = new Set<string>();
      return firstRecord(running, 'detections', (record) => what(record) && cameras.add(record.camera).size === NAMES.length);
    };
    try {
      await all(({ type }) => type === 'detections');
      await orderAll(served, { refuse: true, disconnect: 'reset' });
      await all((record) => record.type === 'mark' && record.mark === 'down');
      const vanished = Math.max(...(await site.records('detections')).map(({ session }) => session));
      await orderAll(served, { refuse: false });
      await all(({ type, session }) => type === 'detections' && session > vanished);
    } finally {
      await running.kill('SIGTERM');
      served.close();
    }
    expect(await running.exited).toEqual({ code: 0, signal: null });
    for (const topic of ['detections', 'tracks'] as const) {
      const { breaches, cameras } = checkAccount(await site.records(topic), { topic });
      expect(breaches).toEqual([]);
      expect(cameras.size).toBe(NAMES.length);
    }
  });
});
