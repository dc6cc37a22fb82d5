import { copyFileSync, utimesSync, watch } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkAccount } from '../../engine/records/account.ts';
import { untilRecords } from './followed-records.ts';
import { SiteFolder, type SiteProcess } from './site-process.ts';
import { testClip } from './test-clips.ts';

const MODEL = join(process.cwd(), 'test/fixtures/models/quadrants.onnx');
/** In each of two rows of sites that run side by side: twenty together. */
const KILLS = 10;
const KILLS_A_SITE = 5;
/** So often the files of its data are touched in the start of a run: locks, migrations, the first records. */
const START_EVENTS = 40;
const ALL_KILLS = { timeout: 400_000 };

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

/** Runs until the recordings have ended. */
async function runToTheEnd(site: SiteFolder): Promise<void> {
  const running = site.run('--until-end');
  expect(await running.exited, running.output).toMatchObject({ code: 0 });
}

/** Kills a run somewhere in its start, where it has touched the files of its data so often, before it could be asked anything. */
async function killWhileStarting(site: SiteFolder, events: number): Promise<boolean> {
  const { promise: touched, resolve } = Promise.withResolvers<void>();
  let seen = 0;
  const watcher = watch(dirname(site.database), () => {
    seen += 1;
    if (seen === events) resolve();
  });
  const running = site.run('--until-end');
  await Promise.race([touched, running.exited]);
  watcher.close();
  await running.kill('SIGKILL');
  return isKilled(running);
}

/** Kills a run as soon as a reader has got so many records. @returns false when the run had ended before. */
async function killAtRecord(site: SiteFolder, records: number): Promise<boolean> {
  const running = site.run('--until-end');
  const gotThem = untilRecords(running, 'detections', records);
  await Promise.race([gotThem.catch(() => {}), running.exited]); // Whoever reads from a process that ends is cut off.
  await running.kill('SIGKILL');
  return isKilled(running);
}

async function isKilled({ exited, output }: SiteProcess): Promise<boolean> {
  const { code, signal } = await exited;
  expect(signal === 'SIGKILL' || code === 0, output).toBe(true);
  return signal === 'SIGKILL';
}

describe('a run over two recordings', () => {
  let undisturbed: Topics;
  let clips: readonly string[];

  const open = (files = clips) =>
    new SiteFolder(
      files.map((file, index) => ({ id: `camera-${index}`, url: `file:${file}`, view: false })),
      { model: MODEL },
    );

  beforeAll(async () => {
    clips = [testClip('testsrc2', 20), testClip('smptebars', 20)];
    const site = open();
    await runToTheEnd(site);
    undisturbed = await topicsOf(site);
  }, 120_000);

  it('looks at every frame', () => {
    expect(undisturbed.detections.filter((line) => line.includes('"type":"detections"'))).toHaveLength(400);
  });

  it.concurrent.each([1, 2])(`says the same after ${KILLS} times kill -9 at random moments (seed %i)`, ALL_KILLS, async (seed) => {
    const next = random(seed);
    for (let kills = 0; kills < KILLS; ) {
      const site = open();
      const moments = Array.from({ length: KILLS_A_SITE - 1 }, () => next() * 0.9 * undisturbed.detections.length).sort((a, b) => a - b);
      if (await killWhileStarting(site, Math.ceil(next() * START_EVENTS))) kills += 1;
      for (const moment of moments) if (await killAtRecord(site, moment)) kills += 1;
      await runToTheEnd(site);
      expect(await topicsOf(site)).toEqual(undisturbed);
    }
  });

  it('says something else when a recording changed under its name (so the comparison can fail)', { timeout: 120_000 }, async () => {
    const copy = join(open().folder, 'copy.mp4');
    copyFileSync(clips[0] as string, copy);
    const site = open([copy, clips[1] as string]);
    await runToTheEnd(site);
    utimesSync(copy, 1, 1);
    await runToTheEnd(site);
    expect(await topicsOf(site)).not.toEqual(undisturbed);
  });
});
