import type { ImageSize } from '../../engine/records/record.ts';
import { clutter, type Detector, detect } from './detector.ts';
import { crossing, type Motion, onBelt, walking } from './motion.ts';
import type { PixelBox, Scene, SceneFrame } from './scene.ts';
import { type SeededRandom, seededRandom } from './seeded-random.ts';

/** What a scene is made of. */
export interface Plan {
  readonly name: string;
  readonly seed: number;
  readonly fps: number;
  readonly seconds: number;
  readonly objects: number;
  readonly motion: (image: ImageSize, seconds: number, random: SeededRandom) => Motion;
  readonly detector: Detector;
  /** Upright posts that hide what is behind them: left edge and width in pixels. */
  readonly posts: readonly (readonly [left: number, width: number])[];
  /** Share of frames that are left out, in runs: the camera or the machine was too busy. */
  readonly skipped: number;
}

const IMAGE: ImageSize = { width: 1280, height: 720 };
const SKIPPED_RUN = 4;
const LEAST_TRUTH = 0.1;

const GOOD: Detector = { missed: 0.02, faint: 0.04, jitter: 0.02, clutter: 0.05 };
const BASE = { fps: 30, seconds: 20, objects: 12, motion: crossing, detector: GOOD, posts: [], skipped: 0 } as const;

/** The scenes that the accuracy is measured on. */
export const PLANS: readonly Plan[] = [
  { ...BASE, name: 'crossing', seed: 11, objects: 30 },
  { ...BASE, name: 'belts', seed: 12, objects: 60, motion: onBelt },
  {
    ...BASE,
    name: 'occlusion',
    seed: 13,
    objects: 60,
    motion: onBelt,
    posts: [
      [400, 90],
      [850, 140],
    ],
  },
  { ...BASE, name: 'drop-outs', seed: 14, objects: 25, motion: walking, detector: { ...GOOD, missed: 0.2, faint: 0.25 } },
  { ...BASE, name: 'jitter', seed: 15, objects: 25, detector: { ...GOOD, jitter: 0.08 } },
  { ...BASE, name: 'false positives', seed: 16, objects: 20, motion: walking, detector: { ...GOOD, clutter: 3 } },
  { ...BASE, name: 'dense', seed: 17, objects: 120, motion: walking },
  { ...BASE, name: 'belts at 10 fps', seed: 18, fps: 10, objects: 60, motion: onBelt, posts: [[600, 90]] },
  { ...BASE, name: 'walkers at 10 fps', seed: 19, fps: 10, objects: 40, motion: walking },
  { ...BASE, name: 'crossing at 5 fps', seed: 20, fps: 5, seconds: 40, objects: 30 },
  { ...BASE, name: 'crossing, frames skipped', seed: 21, objects: 30, skipped: 0.4 },
  { ...BASE, name: 'belts at 10 fps, frames skipped', seed: 22, fps: 10, objects: 60, motion: onBelt, skipped: 0.4 },
];

export function generate(plan: Plan): Scene {
  const random = seededRandom(plan.seed);
  const motions = Array.from({ length: plan.objects }, () => plan.motion(IMAGE, plan.seconds, random));
  const frames: SceneFrame[] = [];
  let skipping = 0;
  for (let i = 0; i < plan.seconds * plan.fps; i++) {
    if (skipping === 0 && random.next() < plan.skipped / SKIPPED_RUN) skipping = SKIPPED_RUN;
    if (skipping > 0) skipping--;
    else frames.push(sceneFrame(plan, motions, i / plan.fps, random));
  }
  return { name: plan.name, fps: plan.fps, image: IMAGE, frames };
}

/** Later objects stand in front of earlier ones, posts in front of all. */
function sceneFrame(plan: Plan, motions: readonly Motion[], seconds: number, random: SeededRandom): SceneFrame {
  const present = motions.flatMap((motion, id) => {
    const box = inside(motion(seconds));
    return box === undefined ? [] : [{ id, box }];
  });
  const seen = present.map(({ id, box }, i) => ({ id, box, visible: visibleShare(box, hiders(plan, present.slice(i + 1))) }));
  const found = seen.flatMap(({ box, visible }) => detect(box, visible, IMAGE, plan.detector, random) ?? []);
  return {
    time: Math.round(seconds * 1000),
    truth: seen.filter(({ visible }) => visible >= LEAST_TRUTH).map(({ id, box }) => ({ id, box })),
    detections: [...found, ...clutter(IMAGE, plan.detector, random)],
  };
}

function hiders(plan: Plan, inFront: readonly { readonly box: PixelBox }[]): PixelBox[] {
  return [...inFront.map(({ box }) => box), ...plan.posts.map(([left, width]): PixelBox => [left, 0, width, IMAGE.height])];
}

/** The share of a box that nothing hides, on 8 × 8 points. */
function visibleShare([left, top, width, height]: PixelBox, hiding: readonly PixelBox[]): number {
  const near = hiding.filter(([l, t, w, h]) => l < left + width && l + w > left && t < top + height && t + h > top);
  let visible = 0;
  for (let point = 0; point < 64; point++) {
    const x = left + (((point % 8) + 0.5) / 8) * width;
    const y = top + ((Math.floor(point / 8) + 0.5) / 8) * height;
    if (!near.some(([l, t, w, h]) => x > l && x < l + w && y > t && y < t + h)) visible++;
  }
  return visible / 64;
}

/** The part of a box inside the picture; undefined when it is narrower or lower than 8 pixels. */
function inside(box: PixelBox | undefined): PixelBox | undefined {
  if (box === undefined) return undefined;
  const left = Math.max(0, box[0]);
  const top = Math.max(0, box[1]);
  const right = Math.min(IMAGE.width, box[0] + box[2]);
  const bottom = Math.min(IMAGE.height, box[1] + box[3]);
  return right - left < 8 || bottom - top < 8 ? undefined : [left, top, right - left, bottom - top];
}
