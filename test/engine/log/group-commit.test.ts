import { expect, it } from 'vitest';
import { type Append, GroupCommit } from '../../../engine/log/group-commit.ts';
import { turnsApart } from '../../../engine/log/turns-apart.ts';
import { ManualClock } from '../../manual-clock.ts';

const GAP_MS = 5;

function setUp() {
  const clock = new ManualClock();
  const commits: { readonly atMs: number; readonly appends: number }[] = [];
  const commit = async (batch: readonly Append[]) => {
    commits.push({ atMs: clock.monotonic(), appends: batch.length });
  };
  const group = new GroupCommit(commit, turnsApart(clock, GAP_MS));
  const append = () => group.add({ topic: 'detections', rows: [], resolve: () => {}, reject: () => {} });
  return { clock, commits, append };
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
}

it('commits a lonely append at once, also after a pause', async () => {
  const { clock, commits, append } = setUp();
  append();
  await turns();
  clock.advance(GAP_MS);
  append();
  await turns();
  expect(commits).toEqual([
    { atMs: 0, appends: 1 },
    { atMs: GAP_MS, appends: 1 },
  ]);
});

it('commits together what comes within the gap behind a commit', async () => {
  const { clock, commits, append } = setUp();
  append();
  await turns();
  for (let ms = 1; ms <= GAP_MS; ms++) {
    append();
    await turns();
    clock.advance(1);
    await turns();
  }
  expect(commits).toEqual([
    { atMs: 0, appends: 1 },
    { atMs: GAP_MS, appends: GAP_MS },
  ]);
});
