import { expect, it } from 'vitest';
import { GapsBetween } from '../../../engine/log/commit-pace.ts';
import { type Append, GroupCommit } from '../../../engine/log/group-commit.ts';
import { toRow } from '../../../engine/log/record-row.ts';
import type { RecordOf } from '../../../engine/records/topic.ts';
import { ManualClock } from '../../manual-clock.ts';
import { frame } from '../../records.ts';

const LIVE_MS = 5;
const RECORDED_MS = 20;
const FULL = 256;

function setUp() {
  const clock = new ManualClock();
  const commits: { readonly atMs: number; readonly appends: number }[] = [];
  const commit = async (batch: readonly Append[]) => {
    commits.push({ atMs: clock.monotonic(), appends: batch.length });
  };
  const group = new GroupCommit(commit, new GapsBetween(clock, { liveMs: LIVE_MS, recordedMs: RECORDED_MS }));
  const append = (record: RecordOf<'detections'>) =>
    group.add({ topic: 'detections', rows: [toRow(record)], resolve: () => {}, reject: () => {} });
  const passes = async (ms: number) => {
    for (let passed = 0; passed < ms; passed++) {
      clock.advance(1);
      await turns();
    }
  };
  return { commits, append, passes };
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
}

it('commits a lonely append at once, also after a pause', async () => {
  const { commits, append, passes } = setUp();
  append(live(0));
  await turns();
  await passes(LIVE_MS);
  append(live(1));
  await turns();
  expect(commits).toEqual([
    { atMs: 0, appends: 1 },
    { atMs: LIVE_MS, appends: 1 },
  ]);
});

it('commits together what comes within the gap behind a commit', async () => {
  const { commits, append, passes } = setUp();
  append(live(0));
  await turns();
  for (let seq = 1; seq <= LIVE_MS; seq++) {
    append(live(seq));
    await passes(1);
  }
  expect(commits).toEqual([
    { atMs: 0, appends: 1 },
    { atMs: LIVE_MS, appends: LIVE_MS },
  ]);
});

it('leaves a longer gap while only records of recordings wait', async () => {
  const { commits, append, passes } = setUp();
  append(recorded(0));
  await turns();
  append(recorded(1));
  await passes(RECORDED_MS - 1);
  expect(commits).toEqual([{ atMs: 0, appends: 1 }]);
  await passes(1);
  expect(commits.slice(1)).toEqual([{ atMs: RECORDED_MS, appends: 1 }]);
});

it('lets a record of a live camera wait no longer for those of recordings', async () => {
  const { commits, append, passes } = setUp();
  append(recorded(0));
  await turns();
  append(recorded(1));
  await passes(LIVE_MS + 2);
  append(live(0));
  await turns();
  expect(commits.slice(1)).toEqual([{ atMs: LIVE_MS + 2, appends: 2 }]);
});

it('lets nothing wait for more than a commit takes', async () => {
  const { commits, append, passes } = setUp();
  append(recorded(0));
  await turns();
  for (let seq = 1; seq <= FULL; seq++) append(recorded(seq));
  await passes(LIVE_MS);
  expect(commits.slice(1)).toEqual([{ atMs: LIVE_MS, appends: FULL }]);
});

function live(seq: number): RecordOf<'detections'> {
  return frame(seq);
}

function recorded(seq: number): RecordOf<'detections'> {
  return frame(seq, [], { clock: 'recording' });
}
