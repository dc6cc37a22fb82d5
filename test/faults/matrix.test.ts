import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const PAGE = readFileSync('test/faults/README.md', 'utf8');
const [BAD_INPUTS = '', FAULTS = ''] = PAGE.split('\n## ').slice(1);
const ROW = /^\| (\d+) \| .+ \| `([^`]+)` \| (.+) \|$/gm;
const LEFT_OUT = 3;

interface Row {
  readonly number: number;
  readonly file: string;
  readonly test: string;
}

function rowsOf(part: string): Row[] {
  return [...part.matchAll(ROW)].map(([, number, file = '', test = '']) => ({ number: Number(number), file, test }));
}

function numbers(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

describe('the matrix of faults', () => {
  it('has every bad input from 1 to 26 and from 37 to 39, but for at most three with a reason', () => {
    const leftOut = [...(/^Left out,[^.]*/ms.exec(BAD_INPUTS)?.[0] ?? '').matchAll(/(\d+) \(/g)].map(([, number]) => Number(number));
    expect(leftOut.length).toBeLessThanOrEqual(LEFT_OUT);
    expect(new Set([...rowsOf(BAD_INPUTS).map(({ number }) => number), ...leftOut])).toEqual(
      new Set([...numbers(1, 26), ...numbers(37, 39)]),
    );
  });

  it('has every fault from 1 to 42, but for 33: there is no swap of models yet', () => {
    expect(new Set(rowsOf(FAULTS).map(({ number }) => number))).toEqual(new Set([...numbers(1, 32), ...numbers(34, 42)]));
  });

  it.each([...rowsOf(BAD_INPUTS), ...rowsOf(FAULTS)])('names a test that there is: $number, $test', ({ file, test }) => {
    expect(existsSync(file), file).toBe(true);
    expect(readFileSync(file, 'utf8')).toContain(test);
  });
});
