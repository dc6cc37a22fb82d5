import { expect, it } from 'vitest';
import { CRASH, drive, tick } from '../../../keyed-task-driver.ts';
import { detected, frame, gap, mark } from '../../../records.ts';
import { numbering, seconds, tallying } from './operators.ts';

const objects = [detected('parcel'), detected('parcel')];

it('takes every record through the operators, in order, into the log', async () => {
  const { topics } = await drive([numbering], [mark('up'), frame(1, objects), gap(2, 4), frame(5, objects)]);
  expect(topics.tracks.map(({ id, type }) => [id, type])).toEqual([
    ['dock-1/1/0', 'mark'],
    ['dock-1/1/1', 'tracks'],
    ['dock-1/1/2', 'gap'],
    ['dock-1/1/5', 'tracks'],
  ]);
  expect(tracksOf(topics.tracks)).toEqual([
    ['dock-1/0', 'dock-1/1'],
    ['dock-1/2', 'dock-1/3'],
  ]);
});

it('gives the same output whether it crashes or not', async () => {
  const undisturbed = await drive(
    [numbering, seconds, tallying],
    [mark('up'), frame(1, objects), tick(500), frame(2, objects), frame(12, objects)],
  );
  const crashed = await drive(
    [numbering, seconds, tallying],
    [mark('up'), frame(1, objects), tick(500), CRASH, frame(2, objects), CRASH, frame(12, objects)],
    { crash: 'kept' },
  );
  expect(crashed.topics).toEqual(undisturbed.topics);
  expect(crashed.state).toEqual(undisturbed.state);
  expect(await crashed.table('totals')).toEqual(await undisturbed.table('totals'));
});

function tracksOf(records: Awaited<ReturnType<typeof drive>>['topics']['tracks']): string[][] {
  return records.flatMap((record) => (record.type === 'tracks' ? [record.objects.map(({ track }) => track)] : []));
}
