import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cameras, serveCameras } from '../../demo/cameras/index.ts';
import { checkAccount } from '../../engine/records/account.ts';
import { sharedBroker } from '../brokers/kafka/shared-broker.ts';
import { RedisServer } from '../brokers/redis-server.ts';
import { testClip } from '../end-to-end/test-clips.ts';
import { has } from '../requirements.ts';
import { Cluster } from './cluster.ts';
import { byId, byPlace, recordsOf } from './outcome.ts';

const FPS = 15;
/** Of frames that were looked at, and will be too old when somebody takes them again. */
const LOOKED_AT = 20;

describe.skipIf(!has('kafka') || !has('redis'))('readers of live cameras, whose detecting process was killed,', () => {
  let redis: RedisServer;
  let served: Cameras;
  let records: Awaited<ReturnType<typeof recordsOf>>;

  beforeAll(async () => {
    const clip = testClip('testsrc2', 30);
    let kafka: string;
    [redis, served, kafka] = await Promise.all([
      RedisServer.start(),
      serveCameras({ clips: { 'dock-1': clip, 'dock-2': clip } }),
      sharedBroker(),
    ]);
    const cameras = served.names.map((id) => ({ id, url: served.url(id), fps: FPS, view: false as const }));
    const cluster = await Cluster.open({ kafka, redis, cameras });
    cluster.start(['connect', 'analyse']);
    const victim = cluster.start('detect', { fault: { step: 'flushed', times: LOOKED_AT, signal: 'SIGKILL' } });
    await victim.exited;
    cluster.start('detect');
    await cluster.tracks.goesOn(served.names, 2 * LOOKED_AT);
    await cluster.finish();
    records = (await recordsOf(cluster.stores.log, 'detections')).sort((a, b) => a.camera.localeCompare(b.camera));
    await cluster.close();
  }, 240_000);
  afterAll(async () => {
    served?.close();
    await redis?.stop();
  });

  it('find every place once when they take the first record that covers it', () => {
    expect(checkAccount(byPlace(records), { topic: 'detections' }).breaches).toEqual([]);
  });

  it('find places twice, or not at all, when they tell records apart by their ids (so that the test above can fail)', () => {
    expect(checkAccount(byId(records), { topic: 'detections' }).breaches).not.toEqual([]);
  });
});
