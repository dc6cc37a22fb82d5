import { globSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkAccount } from '../../engine/records/account.ts';
import type { TracksRecord } from '../../engine/records/record.ts';
import { type GroundTruth, readGroundTruth } from './ground-truth.ts';
import { precision, recall, type Score, scoreFrame } from './score.ts';
import { SiteFolder } from './site-process.ts';

const CLIPS = globSync('demo/footage/clips/*.mp4').sort();
const CAMERAS = CLIPS.map((file) => basename(file, '.mp4'));
const START = '2026-11-01T08:00:00Z';
const WANTED = 0.9;

/** What the engine says of its clips at the end: confirmed tracks, through files, ffmpeg, bus, workers, tracker and log. */
describe('the committed clips, every frame of them, with the model that comes along', { timeout: 300_000 }, () => {
  let site: SiteFolder;
  const looks = new Map<string, TracksRecord[]>();

  beforeAll(async () => {
    const cameras = CLIPS.map((file) => ({
      id: basename(file, '.mp4'),
      url: `file:${resolve(file)}`,
      fps: 15,
      start: START,
      view: false as const,
    }));
    site = new SiteFolder(cameras, { model: resolve('models/parcels') });
    const running = site.run('--until-end');
    expect(await running.exited, running.output).toMatchObject({ code: 0 });
    const records = await site.records('tracks');
    expect(checkAccount(records, { topic: 'tracks' }).breaches).toEqual([]);
    for (const camera of CAMERAS)
      looks.set(camera, records.filter((record) => record.type === 'tracks' && record.camera === camera) as TracksRecord[]);
  }, 300_000);

  it('are four', () => {
    expect(CAMERAS).toEqual(['dock-1', 'gate-3', 'line-a', 'table-2']);
  });

  it.each(CAMERAS)('are looked at frame by frame, each at its own time: %s', (camera) => {
    const truth = truthOf(camera);
    expect((looks.get(camera) ?? []).map((look) => frameOf(look, truth))).toEqual(
      Array.from({ length: truth.frames }, (_, frame) => frame),
    );
  });

  it(`are seen with a recall and a precision of at least ${WANTED} at IoU 0.5`, () => {
    const scores = CAMERAS.map((camera) => ({ camera, score: scoreOf(camera) }));
    const all = sumOf(scores.map(({ score }) => score));
    const told = scores.map(({ camera, score }) => `${camera} ${recall(score).toFixed(3)}/${precision(score).toFixed(3)}`).join(', ');
    expect(recall(all), `recall/precision: ${told}`).toBeGreaterThanOrEqual(WANTED);
    expect(precision(all), `recall/precision: ${told}`).toBeGreaterThanOrEqual(WANTED);
  });

  it('are not seen so well when the truth is that of another second (so the score can fail)', () => {
    const late = sumOf(CAMERAS.map((camera) => scoreOf(camera, 15)));
    expect(recall(late)).toBeLessThan(WANTED);
    expect(precision(late)).toBeLessThan(WANTED);
  });

  function scoreOf(camera: string, shift = 0): Score {
    const truth = truthOf(camera);
    const score = { hits: 0, missed: 0, wrong: 0 };
    for (const look of looks.get(camera) ?? []) {
      scoreFrame(score, look.objects.filter(isSeen), truth.objects[(frameOf(look, truth) + shift) % truth.frames] ?? []);
    }
    return score;
  }
});

/** Neither what is not yet trusted nor what is only predicted. */
function isSeen({ state }: TracksRecord['objects'][number]): boolean {
  return state === 'confirmed';
}

function truthOf(camera: string): GroundTruth {
  return readGroundTruth(`demo/footage/clips/${camera}.json`);
}

function frameOf({ time }: TracksRecord, { fps }: GroundTruth): number {
  return Math.round(((time - Date.parse(START)) * fps) / 1000);
}

function sumOf(scores: readonly Score[]): Score {
  const total = { hits: 0, missed: 0, wrong: 0 };
  for (const { hits, missed, wrong } of scores) {
    total.hits += hits;
    total.missed += missed;
    total.wrong += wrong;
  }
  return total;
}
