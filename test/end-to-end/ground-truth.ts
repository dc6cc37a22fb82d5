import { readFileSync } from 'node:fs';
import type { Box } from '../../engine/records/record.ts';

/** One visible object of a frame, as the generator of the footage measured it. */
export interface TrueObject {
  readonly id: number;
  readonly class: string;
  /** Bounds of what is visible: x, y, width, height in 0…1 of the picture. */
  readonly box: Box;
  /** Visible share of the object. */
  readonly visibility: number;
}

export interface GroundTruth {
  readonly camera: string;
  readonly fps: number;
  readonly frames: number;
  /** By frame. */
  readonly objects: readonly (readonly TrueObject[])[];
}

export function readGroundTruth(file: string): GroundTruth {
  return JSON.parse(readFileSync(file, 'utf8')) as GroundTruth;
}
