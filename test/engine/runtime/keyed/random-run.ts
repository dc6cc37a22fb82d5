import { type DriveOptions, drive } from '../../../keyed-task-driver.ts';
import { numbering, seconds, tallying } from './operators.ts';
import { type Expected, expectedOf, lineOf } from './oracle.ts';
import { firstOfEachPlace } from './outcomes.ts';
import { randomFrom, randomSteps } from './random-stream.ts';

/** Runs a random stream with random disturbances; answers the first difference to what must come out, or nothing. */
export async function differenceOf(seed: number, options: DriveOptions = {}, records = 70): Promise<string | undefined> {
  const { steps, written } = randomSteps(seed, records);
  const random = randomFrom(seed + 1_000_000);
  const crash = (_: string, held: number) => Math.floor(random() * (held + 1));
  const { topics, deadLetters, tables } = await drive([numbering, seconds, tallying], steps, {
    crash,
    batchRecords: 1 + Math.floor(random() * 8),
    ...options,
  });
  const totals = tables['totals'];
  for (const [camera, expected] of expectedOf(written)) {
    const own = { lines: [] as string[], deadLetters: [] as string[] };
    // Two owners may both have written for a while: a reader keeps the first record of each place.
    for (const record of firstOfEachPlace(topics.tracks)) if (record.camera === camera) own.lines.push(lineOf(record));
    for (const letter of new Set(deadLetters.map(({ id, position }) => `${position} ${id}`)))
      if (letter.includes(` ${camera}/`)) own.deadLetters.push(letter);
    const difference = firstDifference(camera, { ...own, totals: { objects: 0, unseen: 0, ...(totals[camera] as object) } }, expected);
    if (difference !== undefined) return `seed ${seed}: ${difference}`;
  }
  return undefined;
}

function firstDifference(camera: string, came: Expected, expected: Expected): string | undefined {
  for (const part of ['lines', 'deadLetters'] as const) {
    const length = Math.max(came[part].length, expected[part].length);
    for (let index = 0; index < length; index++) {
      if (came[part][index] !== expected[part][index])
        return `${camera}, ${part} ${index}: "${came[part][index]}" instead of "${expected[part][index]}"`;
    }
  }
  const [is, must] = [JSON.stringify(came.totals), JSON.stringify(expected.totals)];
  return is === must ? undefined : `${camera}, totals: ${is} instead of ${must}`;
}

export function seedsUpTo(count: number): readonly number[] {
  return Array.from({ length: count }, (_, seed) => seed);
}
