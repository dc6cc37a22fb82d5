import { expect, it } from 'vitest';
import type { TrueObject } from './ground-truth.ts';
import { precision, recall, scoreFrame } from './score.ts';

const parcel: TrueObject = { id: 1, class: 'parcel', box: [0.1, 0.1, 0.2, 0.2], visibility: 1 };
const hidden: TrueObject = { id: 2, class: 'tote', box: [0.6, 0.6, 0.2, 0.2], visibility: 0.3 };

function scored(...seen: { label: string; score: number; box: [number, number, number, number] }[]) {
  const score = { hits: 0, missed: 0, wrong: 0 };
  scoreFrame(score, seen, [parcel, hidden]);
  return score;
}

it('counts what is found, missed and wrong', () => {
  expect(scored({ label: 'parcel', score: 0.9, box: [0.11, 0.1, 0.2, 0.2] })).toEqual({ hits: 1, missed: 0, wrong: 0 });
  expect(scored({ label: 'tote', score: 0.9, box: [0.11, 0.1, 0.2, 0.2] })).toEqual({ hits: 0, missed: 1, wrong: 1 });
  expect(scored({ label: 'parcel', score: 0.9, box: [0.2, 0.2, 0.2, 0.2] })).toEqual({ hits: 0, missed: 1, wrong: 1 });
});

it('takes an object once, for the surest', () => {
  const box: [number, number, number, number] = [0.1, 0.1, 0.2, 0.2];
  expect(scored({ label: 'parcel', score: 0.5, box }, { label: 'parcel', score: 0.9, box })).toEqual({ hits: 1, missed: 0, wrong: 1 });
});

it('does not hold what is hardly visible against anybody', () => {
  expect(scored({ label: 'tote', score: 0.9, box: [0.6, 0.6, 0.2, 0.2] })).toEqual({ hits: 0, missed: 1, wrong: 0 });
  expect(scored()).toEqual({ hits: 0, missed: 1, wrong: 0 });
});

it('gives recall and precision as they are defined', () => {
  const score = { hits: 6, missed: 2, wrong: 4 };
  expect([recall(score), precision(score)]).toEqual([0.75, 0.6]);
});
