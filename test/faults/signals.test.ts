import { beforeAll, describe, expect, it } from 'vitest';
import { checkAccount } from '../../engine/records/account.ts';
import { firstRecord, untilRecords } from '../end-to-end/followed-records.ts';
import { SiteFolder } from '../end-to-end/site-process.ts';
import { stillClip, testClip } from '../end-to-end/test-clips.ts';

const QUADRANTS = `${process.cwd()}/test/fixtures/models/quadrants.onnx`;
const SLOW = `${process.cwd()}/test/fixtures/models/slow.onnx`;
const DRAIN_LIMIT_MS = 10_000;

describe('a site under load that is told to end', { timeout: 120_000 }, () => {
  let clip: string;
  let slowClip: string;
  beforeAll(() => {
    clip = testClip('testsrc2', 20);
    slowClip = stillClip('white', 4);
  }, 120_000);

  const underLoad = () =>
    new SiteFolder(
      [0, 1].map((n) => ({ id: `camera-${n}`, url: `file:${clip}`, view: false })),
      { model: QUADRANTS },
    );
  const inAModel = () =>
    new SiteFolder(
      [0, 1].map((n) => ({ id: `camera-${n}`, url: `file:${slowClip}`, view: false })),
      { model: SLOW },
    );

  it('commits what it took and exits 0 within ten seconds; the next one goes on where it was, with nothing lost', async () => {
    const site = underLoad();
    const first = site.run();
    await untilRecords(first, 'detections', 20);
    const askedMs = performance.now();
    await first.kill('SIGTERM');
    expect(performance.now() - askedMs).toBeLessThan(DRAIN_LIMIT_MS);
    expect(await first.exited).toEqual({ code: 0, signal: null });
    expect(checkAccount(await site.records('tracks'), { topic: 'tracks' }).breaches).toEqual([]);
    expect(await site.records('tracks')).toHaveLength((await site.records('detections')).length);

    expect(await site.run('--until-end').exited).toMatchObject({ code: 0 });
    const { breaches, cameras } = checkAccount(await site.records('detections'), { topic: 'detections' });
    expect(breaches).toEqual([]);
    expect([...cameras.values()].map(({ frames, gaps }) => [frames, gaps])).toEqual([
      [200, {}],
      [200, {}],
    ]);
  });

  it('ends at once with 1 at the second signal, also from within a model', async () => {
    const site = inAModel();
    const running = site.run();
    await firstRecord(running, 'detections', ({ type }) => type === 'detections');
    running.child.kill('SIGTERM');
    await running.says(/a second signal ends at once/);
    const askedMs = performance.now();
    running.child.kill('SIGTERM');
    expect(await running.exited).toEqual({ code: 1, signal: null });
    expect(performance.now() - askedMs).toBeLessThan(5000);
    expect(checkAccount(await site.records('detections'), { topic: 'detections' }).breaches).toEqual([]);
  });

  it('while it still starts, ends with 0 and leaves a log that the next one goes on with', async () => {
    const site = underLoad();
    const starting = site.run();
    await starting.says(/Ocelli is starting/);
    starting.child.kill('SIGTERM');
    expect(await starting.exited).toEqual({ code: 0, signal: null });
    expect(await site.run('--until-end').exited).toMatchObject({ code: 0 });
    expect(checkAccount(await site.records('detections'), { topic: 'detections' }).breaches).toEqual([]);
  });
});
