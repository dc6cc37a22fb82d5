import { expect, it } from 'vitest';
import { tableLines } from '../../../engine/cli/table.ts';

const HEAD = ['setting', 'default', 'effect'];
const ROWS = [
  ['coastMs', '1000', 'How long a track goes on unseen.'],
  ['highScore', '0.5', 'Short.'],
];

it('a table has words to the left and numbers to the right', () => {
  expect(tableLines(HEAD, ROWS)).toEqual([
    'setting     default   effect',
    'coastMs        1000   How long a track goes on unseen.',
    'highScore       0.5   Short.',
  ]);
});

it('a table in a narrow terminal goes on below its last column', () => {
  expect(tableLines(HEAD, ROWS, 44)).toEqual([
    'setting     default   effect',
    'coastMs        1000   How long a track goes',
    '                      on unseen.',
    'highScore       0.5   Short.',
  ]);
});

it('a table whose last column has no room is left as it is', () => {
  expect(tableLines(HEAD, ROWS, 40)).toEqual(tableLines(HEAD, ROWS));
});
