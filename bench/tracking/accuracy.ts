/**
 * How well the tracker follows, against reference implementations of ByteTrack on the same detections: HOTA, MOTA and IDF1 by trackeval
 * over generated scenes. Prints one JSON line for each scene, tracker and metric.
 *
 *     node bench/tracking/accuracy.ts [python] [seed]
 *
 * python: .cache/venv-track/bin/python by default, made as requirements.txt says. seed: another number gives other scenes of the same kinds.
 *
 * Trackers: `ours, as supervision` and `ours, as trackers` have the thresholds of the reference of that name, `ours` our own defaults.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TrackSettings } from '../../operators/track/index.ts';
import { generate, PLANS } from './generate.ts';
import { ourTracks } from './our-runs.ts';
import type { Scene } from './scene.ts';

const THRESHOLDS = { high: 0.5, start: 0.6, match: 0.2 };
const COAST_SECONDS = 1;
const [python = '.cache/venv-track/bin/python', seed = '0'] = process.argv.slice(2);
const FOLDER = '.cache/tracking';

rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(FOLDER, { recursive: true });
PLANS.forEach((plan, i) => {
  writeFileSync(
    join(FOLDER, `${String(i).padStart(2, '0')}.json`),
    JSON.stringify(forScoring(generate({ ...plan, seed: plan.seed + Number(seed) }))),
  );
});
execFileSync(python, ['bench/tracking/score.py', FOLDER], { stdio: 'inherit' });

function forScoring(scene: Scene) {
  return {
    name: scene.name,
    thresholds: { ...THRESHOLDS, coastFrames: COAST_SECONDS * scene.fps },
    truth: scene.frames.map(({ truth }) => truth.map(({ id, box }) => [id, ...box])),
    detections: scene.frames.map(({ detections }) =>
      detections.map(({ score, box: [x, y, width, height] }) => [
        x * scene.image.width,
        y * scene.image.height,
        width * scene.image.width,
        height * scene.image.height,
        score,
      ]),
    ),
    runs: {
      'ours, as supervision': ourTracks(scene, { ...alike(scene), faintMatch: 0.5 }),
      'ours, as trackers': ourTracks(scene, { ...alike(scene), fuseScore: false, faintMatch: THRESHOLDS.match }),
      ours: ourTracks(scene, {}),
    },
  };
}

/** What both references have in common: they know no labels, drop an unconfirmed track at its first miss and count in frames. */
function alike({ fps }: Scene): Partial<TrackSettings> {
  return {
    highScore: THRESHOLDS.high,
    startScore: THRESHOLDS.start,
    sureMatch: THRESHOLDS.match,
    labelPenalty: 0,
    confirmMs: 0,
    coastMs: COAST_SECONDS * 1000 + 1000 / fps + 1,
    nominalFps: fps,
  };
}
