import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resumeTime, type Taken, TopicReader } from '../../consumer/index.ts';
import type { StreamRecord } from '../../engine/records/record.ts';
import { gap, mark, START_MS, timeOf, tracked } from '../records.ts';

const take = (reader: TopicReader, ...records: StreamRecord[]): (Taken | undefined)[] =>
  records.map((record) => reader.take(JSON.stringify(record)));

describe('a reader of a topic', () => {
  it('takes each place once', () => {
    const reader = new TopicReader('tracks');
    const taken = take(reader, mark('up'), tracked(1), tracked(2), tracked(1), tracked(2), tracked(3));
    expect(taken.map((one) => one?.record.id)).toEqual(['dock-1/1/0', 'dock-1/1/1', 'dock-1/1/2', undefined, undefined, 'dock-1/1/3']);
  });

  it('cuts a gap that comes again with other borders to what is new', () => {
    const reader = new TopicReader('tracks');
    const [, , cut] = take(reader, mark('up'), gap(1, 4), gap(1, 9));
    expect(cut?.record).toMatchObject({ id: 'dock-1/1/5', from: 5, to: 9 });
  });

  it('tells what was lost on the way', () => {
    const reader = new TopicReader('tracks');
    const [, taken] = take(reader, tracked(3), tracked(7));
    expect(taken?.lost).toMatchObject({ type: 'gap', from: 4, to: 6, reason: 'lost', time: timeOf(3), until: timeOf(7) });
  });

  it('tells what was lost at the beginning of a new session', () => {
    const reader = new TopicReader('tracks');
    const [, taken] = take(reader, tracked(3), tracked(2, [], { session: 2, time: timeOf(9) }));
    expect(taken?.lost).toMatchObject({ session: 2, from: 0, to: 1, reason: 'lost' });
  });

  it('takes it for no loss when a camera is met in the middle', () => {
    expect(take(new TopicReader('tracks'), tracked(700))).toEqual([{ record: tracked(700) }]);
  });

  it('goes on after a restart from what was kept as JSON', () => {
    const first = new TopicReader('tracks');
    take(first, mark('up'), tracked(1), mark('up', 0, { camera: 'gate', time: START_MS }));
    const second = new TopicReader('tracks', JSON.parse(JSON.stringify(first.progress())));
    const [known, fresh] = take(second, tracked(1), tracked(2));
    expect([known, fresh?.record.id]).toEqual([undefined, 'dock-1/1/2']);
    expect(resumeTime(first.progress())).toBe(START_MS);
  });

  it('begins at the beginning where nothing is known', () => {
    expect(resumeTime([])).toBeUndefined();
  });
});

it('does what the page of consumers shows', () => {
  const [, code = ''] = /```typescript\n(.*?)```/s.exec(readFileSync('docs/consumers.md', 'utf8')) ?? [];
  const program = code.replace('ocelli/consumer', resolve('consumer/index.ts'));
  const output = execFileSync(process.execPath, ['--input-type=module-typescript', '--eval', program], { encoding: 'utf8' });
  const promised = [...code.matchAll(/console\.log.*\/\/ (\w+):/g)].map(([, value]) => value);
  expect(output.trim().split('\n')).toEqual(promised);
});
