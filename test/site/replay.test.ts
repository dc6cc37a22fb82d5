import { expect, it } from 'vitest';
import { configurationSchema } from '../../engine/config/configuration.ts';
import type { StreamRecord } from '../../engine/records/record.ts';
import { application } from '../../site/application.ts';
import { OPERATORS } from '../../site/operator-settings.ts';
import { detected, frame, mark } from '../records.ts';

const SEEN = [detected('parcel', { score: 0.6 })];
const FRAMES = [2, 3, 4].map((seq) => frame(seq, SEEN));
/** Recorded with settings under which nothing of this is sure enough to be followed. */
const RECORDED = [mark('up'), mark('settings', 1, { hash: 'recorded', settings: { fps: 10, track: { highScore: 0.9 } } }), ...FRAMES];

async function* lines(records: readonly StreamRecord[]) {
  for (const record of records) yield JSON.stringify(record);
}

async function replayed(records: readonly StreamRecord[], track?: object): Promise<StreamRecord[]> {
  const configuration = track && configurationSchema(OPERATORS).parse({ track });
  const emitted = await Array.fromAsync(application('0.0.0').replay(lines(records), configuration));
  return emitted.filter(({ topic }) => topic === 'tracks').map(({ record }) => record as StreamRecord);
}

const tracksIn = (records: readonly StreamRecord[]) => records.flatMap((record) => (record.type === 'tracks' ? record.objects : [])).length;

it('a replay follows with the settings that were recorded', async () => {
  expect(tracksIn(await replayed(RECORDED))).toBe(0);
});

it('a replay with a configuration follows with its settings instead, and says so in the mark', async () => {
  const records = await replayed(RECORDED, { highScore: 0.5 });
  expect(tracksIn(records)).toBe(FRAMES.length);
  expect(records[1]).toMatchObject({ mark: 'settings', settings: { fps: 10, track: { highScore: 0.5 } } });
  expect(records[1]).not.toMatchObject({ hash: 'recorded' });
});

it('a replay with a configuration holds to it also where the export begins behind the mark, and emits nothing for that', async () => {
  expect(tracksIn(await replayed(FRAMES))).toBe(FRAMES.length);
  const records = await replayed(FRAMES, { highScore: 0.9 });
  expect(records).toHaveLength(FRAMES.length);
  expect(tracksIn(records)).toBe(0);
});
