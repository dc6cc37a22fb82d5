import { copyFileSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkAccount } from '../../engine/records/account.ts';
import { SiteFolder } from './site-process.ts';
import { testClip } from './test-clips.ts';

const MODEL = join(process.cwd(), 'test/fixtures/models/quadrants.onnx');
const SITES = 4;
const KILLS_A_SITE = 5;

interface Topics {
  readonly detections: readonly string[];
  readonly tracks: readonly string[];
}

/** Small numbers that look random and are the same in every run (Lehmer, MINSTD). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** Each camera's records in their order, without the times that a run may differ in. */
async function topicsOf(site: SiteFolder): Promise<Topics> {
  const withoutTiming = (record: object) => JSON.stringify({ ...record, timing: undefined });
  const ordered = <R extends { camera: string }>(records: readonly R[]) => [...records].sort((a, b) => a.camera.localeCompare(b.camera));
  const [detections, tracks] = [await site.records('detections'), await site.records('tracks')];
  expect(checkAccount(detections, { topic: 'detections' }).breaches).toEqual([]);
  expect(checkAccount(tracks, { topic: 'tracks' }).breaches).toEqual([]);
  return { detections: ordered(detections).map(withoutTiming), tracks: ordered(tracks).map(withoutTiming) };
}

/** Runs until the recordings have ended; kills the process before, if told to. @returns whether it was killed. */
async function runFor(site: SiteFolder, lifeMs?: number): Promise<boolean> {
  const running = site.run('--until-end', '--log-level', 'error');
  const killed = lifeMs !== undefined && (await Promise.race([wait(lifeMs, true), running.exited.then(() => false)]));
  if (killed) await running.kill('SIGKILL');
  const { code } = await running.exited;
  expect(killed || code === 0, running.output).toBe(true);
  return killed;
}

describe('a run over two recordings', () => {
  let undisturbed: Topics;
  let undisturbedMs: number;
  let clips: readonly string[];

  const open = (files = clips) =>
    new SiteFolder(
      files.map((file, index) => ({ id: `camera-${index}`, url: `file:${file}`, view: false })),
      { model: MODEL },
    );

  beforeAll(async () => {
    clips = [testClip('testsrc2', 20), testClip('smptebars', 20)];
    const site = open();
    const startedMs = performance.now();
    await runFor(site);
    undisturbedMs = performance.now() - startedMs;
    undisturbed = await topicsOf(site);
  });

  it('looks at every frame', () => {
    expect(undisturbed.detections.filter((line) => line.includes('"type":"detections"'))).toHaveLength(400);
  });

  it.each(Array.from({ length: SITES }, (_, index) => index + 1))(
    `says the same after ${KILLS_A_SITE} times kill -9 at random moments (seed %i)`,
    { timeout: 120_000 },
    async (seed) => {
      const site = open();
      const next = random(seed);
      let kills = 0;
      while (kills < KILLS_A_SITE && (await runFor(site, next() * undisturbedMs))) kills += 1;
      await runFor(site);
      expect(await topicsOf(site)).toEqual(undisturbed);
    },
  );

  it('says something else when a recording changed under its name (so the comparison can fail)', { timeout: 60_000 }, async () => {
    const copy = join(open().folder, 'copy.mp4');
    copyFileSync(clips[0] as string, copy);
    const site = open([copy, clips[1] as string]);
    const running = site.run('--until-end', '--log-level', 'error');
    await running.exited;
    utimesSync(copy, 1, 1);
    await runFor(site);
    expect(await topicsOf(site)).not.toEqual(undisturbed);
  });
});
