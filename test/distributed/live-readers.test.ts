import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cameras, serveCameras } from '../../demo/cameras/index.ts';
import { checkAccount } from '../../engine/records/account.ts';
import { firstPlace, lastPlace } from '../../engine/records/place.ts';
import type { RecordOf } from '../../engine/records/topic.ts';
import { sharedBroker } from '../brokers/kafka/shared-broker.ts';
import { RedisServer } from '../brokers/redis-server.ts';
import { testClip } from '../end-to-end/test-clips.ts';
import { has } from '../requirements.ts';
import { Cluster } from './cluster.ts';
import { type AccountTopic, byId, byPlace, recordsOf } from './outcome.ts';

const FPS = 15;
/** Of frames that were looked at, and will be too old when somebody takes them again. */
const LOOKED_AT = 20;
/** Frames that are taken again: half of them were looked at. */
const AGAIN = 2;

describe.skipIf(!has('kafka') || !has('redis'))('readers of live cameras, whose detecting process was killed,', () => {
  let redis: RedisServer;
  let served: Cameras;
  let records: RecordOf<AccountTopic>[];

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
    expect(checkAccount(byPlace(takenAgainTooLate(byPlace(records))), { topic: 'detections' }).breaches).toEqual([]);
  });

  it('lose places when they tell records apart by their ids (so that the test above can fail)', () => {
    expect(checkAccount(byId(takenAgainTooLate(byPlace(records))), { topic: 'detections' }).breaches).not.toEqual([]);
  });
});

/**
 * What a slower machine writes at a hand-over: frames are taken once more, those that were looked at and some that were not, and all of
 * them are too old by then. One gap tells so, which begins where a record stands already.
 */
function takenAgainTooLate(records: readonly RecordOf<AccountTopic>[]): RecordOf<AccountTopic>[] {
  const frames = records.filter((record) => record.type === 'detections' && record.camera === records[0]?.camera);
  const at = frames.findIndex((first, index) => lastPlace(frames[index + AGAIN - 1] ?? first).seq === firstPlace(first).seq + AGAIN - 1);
  const again = frames.slice(at, at + AGAIN);
  const [first, last] = [again[0], again.at(-1)];
  if (at < 0 || first === undefined || last === undefined) throw new Error('No frames of one camera stand side by side.');
  const { id, camera, session, time } = first;
  const from = firstPlace(first).seq;
  const gap = { v: 1, type: 'gap', id, camera, session, from, to: lastPlace(last).seq, time, until: last.time, reason: 'stale' } as const;
  const unseen = new Set(again.slice(AGAIN / 2));
  return records.flatMap((record) => (unseen.has(record) ? (record === last ? [gap] : []) : [record]));
}
