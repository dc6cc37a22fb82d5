import { expect, it } from 'vitest';
import { WithoutHolder } from '../../../site/without-holder.ts';

const DOCKS = ['dock-1', 'dock-2'];
const both = new Map([
  ['dock-1', 'a'],
  ['dock-2', 'a'],
]);
const onlyFirst = new Map([['dock-1', 'a']]);
const nobody = new Map<string, string>();

it('a camera that lost its holder is overdue after 5 s, not earlier', () => {
  const cameras = new WithoutHolder();
  cameras.look(DOCKS, both, 0);
  expect(cameras.look(DOCKS, onlyFirst, 1_000)).toEqual([]);
  expect(cameras.look(DOCKS, onlyFirst, 5_999)).toEqual([]);
  expect(cameras.look(DOCKS, onlyFirst, 6_000)).toEqual(['dock-2']);
});

it('a camera that was never seen with one is overdue after 15 s: its connectors may just be starting', () => {
  const cameras = new WithoutHolder();
  cameras.look(DOCKS, nobody, 0);
  expect(cameras.look(DOCKS, nobody, 14_999)).toEqual([]);
  expect(cameras.look(DOCKS, nobody, 15_000)).toEqual(DOCKS);
});

it('a camera is overdue no longer when somebody takes it, and waits anew when he lets it go', () => {
  const cameras = new WithoutHolder();
  cameras.look(DOCKS, both, 0);
  cameras.look(DOCKS, nobody, 1_000);
  expect(cameras.look(DOCKS, nobody, 6_000)).toEqual(DOCKS);
  expect(cameras.look(DOCKS, both, 7_000)).toEqual([]);
  expect(cameras.look(DOCKS, nobody, 8_000)).toEqual([]);
  expect(cameras.look(DOCKS, nobody, 13_000)).toEqual(DOCKS);
});

it('a camera that was removed is not asked after any more', () => {
  const cameras = new WithoutHolder();
  cameras.look(DOCKS, nobody, 0);
  expect(cameras.look(['dock-1'], nobody, 15_000)).toEqual(['dock-1']);
  expect(cameras.look(DOCKS, nobody, 16_000)).toEqual(['dock-1']);
});
