import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkAccount } from '../../engine/records/account.ts';
import { RedisServer } from '../brokers/redis-server.ts';
import { has } from '../requirements.ts';
import { untilRecords } from './followed-records.ts';
import { SiteFolder, SiteProcess } from './site-process.ts';
import { testClip } from './test-clips.ts';

const MODEL = join(process.cwd(), 'test/fixtures/models/quadrants.onnx');
const UNAVAILABLE = 3;
const SLOW = { timeout: 120_000 };

function openSite(state?: string): SiteFolder {
  const clips = [testClip('testsrc2', 5), testClip('smptebars', 5)];
  const cameras = clips.map((file, index) => ({ id: `camera-${index}`, url: `file:${file}`, view: false as const }));
  return new SiteFolder(cameras, { model: MODEL, ...(state === undefined ? {} : { state }) });
}

/** Each camera's records in their order, without what may differ between two runs. */
async function topicsOf(site: SiteFolder) {
  const lines = async (topic: 'detections' | 'tracks') => {
    const records = (await site.records(topic)).sort((a, b) => a.camera.localeCompare(b.camera));
    expect(checkAccount(records, { topic }).breaches).toEqual([]);
    return records.map((record) => JSON.stringify({ ...record, timing: undefined }));
  };
  return { detections: await lines('detections'), tracks: await lines('tracks') };
}

async function ends(running: SiteProcess): Promise<number | null> {
  const { code } = await running.exited;
  return code;
}

describe.skipIf(!has('redis'))('a run with its state in Redis', () => {
  let redis: RedisServer;
  let site: SiteFolder;
  let embedded: Awaited<ReturnType<typeof topicsOf>>;

  beforeAll(async () => {
    redis = await RedisServer.start({ appendfsync: 'always' });
    site = openSite(redis.url);
    const one = openSite();
    expect(await ends(one.run('--until-end'))).toBe(0);
    embedded = await topicsOf(one);
  }, SLOW.timeout);
  afterAll(() => redis.stop());

  it('says what the embedded one says, though Redis and then the site are killed on the way', SLOW, async () => {
    const killed = site.run('--until-end');
    await untilRecords(killed, 'detections', 20);
    await redis.kill();
    await redis.startAgain();
    await untilRecords(killed, 'detections', 40);
    await killed.kill('SIGKILL');
    const running = site.run('--until-end');
    expect(await ends(running), running.output).toBe(0);
    expect(await topicsOf(site)).toEqual(embedded);
    expect(embedded.tracks.length).toBeGreaterThan(100);
    expect(Number(await redis.admin.hget('ocelli:{analyse/0}:task', 'position'))).toBe(embedded.detections.length);
  });

  it('stops with the sentence when Redis was emptied, and says the same once that is accepted', SLOW, async () => {
    await redis.admin.flushall();
    const stopped = site.run('--until-end');
    expect(await ends(stopped)).toBe(UNAVAILABLE);
    expect(stopped.output).toContain(`ocelli: The state in ${redis.url} is empty, and the log is not. Restore it from its backup`);
    const accepted = new SiteProcess(['state', 'begin-again', site.file]);
    expect(await ends(accepted)).toBe(0);
    expect(accepted.output).toContain('begins anew, at the start of the log');
    const running = site.run('--until-end');
    expect(await ends(running), running.output).toBe(0);
    expect(await topicsOf(site)).toEqual(embedded);
  });
});
