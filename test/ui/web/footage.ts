import { readFileSync } from 'node:fs';
import type { Box } from '../../../engine/records/record.ts';

/** An object that is in a frame of the footage; boxes as in records. */
export interface TruthObject {
  readonly id: number;
  readonly class: string;
  readonly box: Box;
  /** How much of it can be seen, 0…1. */
  readonly visibility: number;
}

export interface Truth {
  readonly frames: number;
  readonly fps: number;
  /** By the number of the frame. */
  readonly objects: readonly (readonly TruthObject[])[];
}

export function clipOf(name: string): string {
  return `demo/footage/clips/${name}.mp4`;
}

export function truthOf(name: string): Truth {
  return JSON.parse(readFileSync(`demo/footage/clips/${name}.json`, 'utf8')) as Truth;
}

function overlap([ax, ay, aw, ah]: Box, [bx, by, bw, bh]: Box): number {
  const width = Math.max(0, Math.min(ax + aw, bx + bw) - Math.max(ax, bx));
  const height = Math.max(0, Math.min(ay + ah, by + bh) - Math.max(ay, by));
  const shared = width * height;
  return shared / (aw * ah + bw * bh - shared);
}

export interface Agreement {
  /** Boxes of the truth that must be found, and how many were. */
  readonly wanted: number;
  readonly found: number;
  /** Boxes that were drawn, and how many lie on an object. */
  readonly drawn: number;
  readonly right: number;
}

/**
 * Greedy one-to-one matching at IoU 0.5, best pairs first. Objects of which less than half can be seen need not be found, but a box on one
 * of them is not wrong.
 */
export function agree(truth: readonly TruthObject[], boxes: readonly Box[]): Agreement {
  const pairs = truth
    .flatMap((object, t) => boxes.map((box, b) => ({ t, b, iou: overlap(object.box, box) })))
    .filter(({ iou }) => iou >= 0.5)
    .sort((a, b) => b.iou - a.iou);
  const [takenTruth, takenBoxes] = [new Set<number>(), new Set<number>()];
  for (const { t, b } of pairs) {
    if (takenTruth.has(t) || takenBoxes.has(b)) continue;
    takenTruth.add(t);
    takenBoxes.add(b);
  }
  const mustBeFound = (object: TruthObject) => object.visibility >= 0.5;
  return {
    wanted: truth.filter(mustBeFound).length,
    found: [...takenTruth].filter((t) => mustBeFound(truth[t] as TruthObject)).length,
    drawn: boxes.length,
    right: takenBoxes.size,
  };
}
