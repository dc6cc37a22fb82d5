import { describe, expect, it, vi } from 'vitest';
import { comparePlaces, firstPlace, lastPlace } from '../../../../engine/records/place.ts';
import type { Admission, Progress } from '../../../../engine/records/place-rule.ts';
import type { StreamRecord } from '../../../../engine/records/record.ts';
import { differenceOf, seedsUpTo } from './random-run.ts';

type Admit = (record: StreamRecord, before: Progress | undefined) => Admission<StreamRecord>;

/** Negative controls: the same runs must come out wrong when a task drops repeated records by anything else than their place. */
const rule = vi.hoisted(() => ({ admit: undefined as Admit | undefined }));

vi.mock(import('../../../../engine/records/place-rule.ts'), async (original) => {
  const rightly = await original();
  const chosen: Admit = (record, before) => (rule.admit ?? rightly.admit)(record, before);
  return { ...rightly, admit: chosen as typeof rightly.admit };
});

/** Keeps the ids beside the place, so that they are saved and restored like it. */
const byId: Admit = (record, before) => {
  const ids = new Set((before as { ids?: ReadonlySet<string> } | undefined)?.ids);
  if (before !== undefined && ids.has(record.id)) return known(before);
  ids.add(record.id);
  const { progress, hole } = taken(record, before);
  return { record, hole, progress: { ...progress, ids } as Progress };
};

const byFirstPlaceOfAGap: Admit = (record, before) =>
  before !== undefined && comparePlaces(firstPlace(record), before) <= 0 ? known(before) : taken(record, before);

const byLastPlaceOfAGap: Admit = (record, before) =>
  before !== undefined && comparePlaces(lastPlace(record), before) <= 0 ? known(before) : taken(record, before);

function known(progress: Progress): Admission<StreamRecord> {
  return { record: undefined, hole: undefined, progress };
}

/** Without cutting. */
function taken(record: StreamRecord, before: Progress | undefined): Admission<StreamRecord> {
  const { session, seq } = firstPlace(record);
  const next = before?.session === session ? before.seq + 1 : 0;
  const hole = seq > next ? { session, from: next, to: seq - 1 } : undefined;
  const time = Math.max(record.type === 'gap' ? record.until : record.time, before?.time ?? 0);
  return { record, hole, progress: { ...lastPlace(record), time } };
}

describe('the same random streams', () => {
  it('come out right by the place rule', async () => {
    rule.admit = undefined;
    expect(await wrongOf(20)).toBe(0);
  });

  it.each([
    ['by id', byId],
    ['by the first place of a gap', byFirstPlaceOfAGap],
    ['by the last place of a gap, without cutting it', byLastPlaceOfAGap],
  ])('come out wrong nearly always when repeated records are dropped %s', async (_, admit) => {
    rule.admit = admit;
    expect(await wrongOf(20)).toBeGreaterThanOrEqual(18);
  });
});

async function wrongOf(count: number): Promise<number> {
  const differences = [];
  for (const seed of seedsUpTo(count)) differences.push(await differenceOf(seed, {}, 140));
  return differences.filter((difference) => difference !== undefined).length;
}
