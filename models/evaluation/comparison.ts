import type { FullCard } from './card.ts';
import type { Evaluation } from './evaluate.ts';
import { table } from './table.ts';

/** Two decoders of JPEG may differ by a level in a pixel; average precision then differs in the fourth decimal. */
const TOLERANCE = 0.001;
const TITLES = { ap50: 'AP50', ap75: 'AP75', ap: 'AP' } as const;
type Title = keyof typeof TITLES;

export interface Comparison {
  readonly evaluation: Evaluation;
  /** The largest difference between a figure measured here and the card's. */
  readonly largestDifference: number;
  readonly equal: boolean;
  /** The table for a terminal. */
  readonly text: string;
}

/** Holds figures measured here against those that the recipe wrote into the card. */
export function compareWithCard(evaluation: Evaluation, card: FullCard): Comparison {
  const rows = Object.entries({ all: evaluation.all, ...evaluation.classes }).map(([name, measured]) => {
    const stated = name === 'all' ? card.holdout.all : card.holdout.classes[name];
    const pairs = (Object.keys(TITLES) as Title[]).map((title) => ({
      measured: measured[title],
      stated: stated?.[title].value ?? Number.NaN,
    }));
    return { name, objects: measured.objects, pairs };
  });
  const differences = rows.flatMap(({ pairs }) => pairs.map(({ measured, stated }) => Math.abs(measured - stated)));
  const largestDifference = Math.max(...differences);
  const equal = largestDifference <= TOLERANCE && evaluation.frames === card.holdout.frames;
  const verdict = equal
    ? `Equal to the card within ${TOLERANCE} (largest difference ${largestDifference.toFixed(5)}).`
    : `Differs from the card: largest difference ${largestDifference.toFixed(5)}, ${evaluation.frames} frames against ${card.holdout.frames}.`;
  return { evaluation, largestDifference, equal, text: `${tableOf(rows, evaluation.frames)}\n\n${verdict}` };
}

function tableOf(
  rows: readonly { name: string; objects: number; pairs: readonly { measured: number; stated: number }[] }[],
  frames: number,
): string {
  const heading = [`holdout, ${frames} frames`, 'objects', ...Object.values(TITLES).flatMap((title) => [title, 'card'])];
  const lines = rows.map(({ name, objects, pairs }) => [
    name,
    String(objects),
    ...pairs.flatMap(({ measured, stated }) => [measured.toFixed(4), stated.toFixed(4)]),
  ]);
  return table([heading, ...lines]);
}
