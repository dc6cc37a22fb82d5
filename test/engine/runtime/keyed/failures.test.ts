import { describe, expect, it } from 'vitest';
import type { KeyedOperator } from '../../../../engine/contract/operator.ts';
import { OcelliError } from '../../../../engine/errors.ts';
import type { DeadLetterRecord } from '../../../../engine/records/record.ts';
import type { FailureFacts } from '../../../../engine/runtime/keyed/index.ts';
import { decodeTaskFacts, TASK_FACTS_KEY } from '../../../../engine/runtime/keyed/task-facts.ts';
import { drive, driveWithCrashes, KeyedTaskDriver, type Step, tick, unreadable } from '../../../keyed-task-driver.ts';
import { detected, frame, gap, mark } from '../../../records.ts';
import { MemoryDisk, MemoryLog } from './doubles/memory-log.ts';
import { numbering, POISON, tallying } from './operators.ts';
import { numbersOf } from './outcomes.ts';

const one = [detected()];
const poison = [detected(), detected(POISON)];
const other = { camera: 'dock-2' };

describe('a record on which an operator throws', () => {
  const steps = [mark('up'), frame(1, one), tick(500), frame(2, one), frame(3, poison), frame(4, one)];

  it('goes to the dead letters with where it stood, code and cause, and the camera goes on after a failed gap', async () => {
    const { topics, deadLetters } = await drive([numbering, tallying], steps);
    expect(topics.tracks.map(({ id, type }) => [id, type]).slice(2)).toEqual([
      ['dock-1/1/2', 'tracks'],
      ['dock-1/1/3', 'gap'],
      ['dock-1/1/4', 'tracks'],
    ]);
    expect(topics.tracks[3]).toMatchObject({ from: 3, to: 3, reason: 'failed', time: frame(3).time, until: frame(3).time });
    expect(deadLetters).toEqual([
      {
        ...{ v: 1, type: 'dead-letter', id: 'dock-1/1/3', camera: 'dock-1', session: 1, seq: 3, time: frame(3).time },
        ...{ task: 'analyse/0', topic: 'detections', position: 3, code: 'OPERATOR_FAILED' },
        detail: 'Operator numbering failed on the record dock-1/1/3 of detections: cannot number poison',
        record: frame(3, poison),
      },
    ]);
  });

  it('leaves no trace in the state: the numbers go on where they were before it', async () => {
    const { topics } = await drive([numbering], steps);
    expect(numbersOf(topics.tracks)).toEqual([0, 1, 2]);
  });

  it('is tried twice before it is given up', async () => {
    const failures: FailureFacts[] = [];
    await drive([numbering], steps, { observer: { failed: (facts) => failures.push(facts) } });
    expect(failures.map(({ camera, position, throws }) => [camera, position, throws])).toEqual([
      ['dock-1', 3, 1],
      ['dock-1', 3, 2],
    ]);
  });

  it('that throws once only is processed after all', async () => {
    let throwsLeft = 1;
    const { topics, deadLetters } = await drive([throwing(() => throwsLeft-- > 0)], [mark('up'), frame(1), frame(2)]);
    expect(topics.tracks.map(({ type }) => type)).toEqual(['mark', 'tracks', 'tracks']);
    expect(deadLetters).toEqual([]);
  });

  it('is not noticed by other cameras: their output is equal byte for byte', async () => {
    const quiet: Step[] = [[mark('up'), mark('up', 0, other)], frame(1, one, other), frame(2, one, other), tick(500), frame(9, one, other)];
    const poisoned = quiet.flatMap((step, index) => [[frame(2 * index + 1, one), frame(2 * index + 2, poison)], step]);
    const undisturbed = await drive([numbering, tallying], quiet);
    const disturbed = await drive([numbering, tallying], poisoned);
    const bytes = (outcome: typeof disturbed) => JSON.stringify(outcome.topics.tracks.filter(({ camera }) => camera === 'dock-2'));
    expect(bytes(disturbed)).toBe(bytes(undisturbed));
    expect(disturbed.state['dock-2']).toEqual(undisturbed.state['dock-2']);
    expect(disturbed.deadLetters).toHaveLength(quiet.length);
  });

  it('is written to the dead letters once, whatever crashes', async () => {
    const { deadLetters } = await driveWithCrashes([numbering], steps);
    expect(deadLetters).toHaveLength(1);
  });

  it('is written to the dead letters also when another task wrote the same letter', async () => {
    const letter = (await drive([numbering], steps)).deadLetters[0] as DeadLetterRecord;
    const disk = new MemoryDisk();
    await new MemoryLog(disk).append('dead-letters', 0, [{ ...letter, task: 'other/0' }]);
    const driver = new KeyedTaskDriver([numbering], {}, disk);
    await driver.begin();
    for (const step of steps) await driver.step(step);
    const { deadLetters } = await driver.finish();
    expect(deadLetters.map(({ task }) => task)).toEqual(['other/0', 'analyse/0']);
  });

  it('is a letter that the next owner need not read once a checkpoint is behind it', async () => {
    const driver = new KeyedTaskDriver([numbering]);
    await driver.begin();
    for (const step of [...steps, tick(500)]) await driver.step(step);
    expect(decodeTaskFacts(driver.store.saved('analyse/0')?.keys.get(TASK_FACTS_KEY)).deadLetters).toBe(1);
    await driver.finish();
  });

  it('may be every record of a camera: each is told, and none is run again for the next', async () => {
    let calls = 0;
    const failing = throwing(() => {
      calls++;
      return true;
    });
    const flood = Array.from({ length: 100 }, (_, index) => frame(index));
    const { topics, deadLetters } = await drive([failing], [flood]);
    expect(deadLetters).toHaveLength(100);
    expect(topics.tracks).toHaveLength(100);
    expect(calls).toBe(3 * 100);
  });

  it('keeps the code of an error that has one', async () => {
    const invalid = () => new OcelliError('RECORD_INVALID', 'a box of negative width');
    const { deadLetters } = await drive([throwing((seq) => seq === 1, invalid)], [mark('up'), frame(1)]);
    expect(deadLetters).toMatchObject([{ code: 'RECORD_INVALID', detail: expect.stringContaining('a box of negative width') }]);
  });

  it('in a second operator gives the first one the failed gap as well, so both stay in step', async () => {
    const later: KeyedOperator<{ seen: string[] }, 'tracks', never> = {
      ...{ name: 'later', stateVersion: 1, consumes: 'tracks', emits: [] },
      initial: () => ({ seen: [] }),
      process(record, { seen }) {
        if (record.type === 'tracks' && record.seq === 2) throw new Error('not this one');
        seen.push(`${record.id} ${record.type}`);
      },
    };
    const { topics, state } = await drive([numbering, later], [mark('up'), frame(1, one), frame(2, one), frame(3, one)]);
    expect(numbersOf(topics.tracks)).toEqual([0, 1]);
    expect(state['dock-1']).toMatchObject({
      operators: { later: { state: { seen: ['dock-1/1/0 mark', 'dock-1/1/1 tracks', 'dock-1/1/2 gap', 'dock-1/1/3 tracks'] } } },
    });
  });
});

describe('an operator that throws on everything it is given', () => {
  it('does not stop the camera: the failed gap goes to the topics that tell the whole account', async () => {
    const { topics, deadLetters, position } = await drive([throwing(() => true)], [mark('up'), frame(1), frame(4), gap(5, 6)]);
    expect(topics.tracks.map((record) => (record.type === 'gap' ? [record.from, record.to, record.reason] : record))).toEqual([
      [0, 0, 'failed'],
      [1, 1, 'failed'],
      [2, 3, 'lost'],
      [4, 4, 'failed'],
      [5, 6, 'failed'],
    ]);
    expect(deadLetters.map(({ seq }) => seq)).toEqual([0, 1, 4, 5]);
    expect(position).toBe(4);
  });

  it('or at a timer only, loses that timer and goes on', async () => {
    const { topics, deadLetters } = await drive([alarming], [mark('up'), frame(1), frame(2), frame(3)]);
    expect(topics.tracks.map(({ type }) => type)).toEqual(['mark', 'gap', 'tracks', 'tracks']);
    expect(deadLetters).toMatchObject([{ seq: 1, detail: expect.stringContaining('Operator alarming failed at the timer of') }]);
  });
});

describe('an operator that emits what it must not', () => {
  it.each([
    ['another place', frame(7), 'ends at dock-1/1/7; its cause ends at dock-1/1/1'],
    ['another camera', frame(1, [], other), 'ends at dock-2/1/1; its cause ends at dock-1/1/1'],
  ])('is told so in the dead letter: %s', async (_, wrong, sentence) => {
    const { deadLetters } = await drive([emitting(() => ({ ...wrong, type: 'tracks' as const, objects: [] }))], [frame(0), frame(1)]);
    expect(deadLetters.at(-1)?.detail).toContain(sentence);
  });
});

describe('a record that cannot be parsed', () => {
  it('goes to the dead letters as text, and its place is told as failed where the text names the next one', async () => {
    const text = '{"camera":"dock-1","session":1,"seq":2,"objects":"none"}';
    const { topics, deadLetters } = await drive([numbering], [mark('up'), frame(1, one), unreadable(text), frame(3, one)]);
    expect(topics.tracks.map(({ id, type }) => `${id} ${type}`).slice(1)).toEqual([
      'dock-1/1/1 tracks',
      'dock-1/1/2 gap',
      'dock-1/1/3 tracks',
    ]);
    expect(topics.tracks[2]).toMatchObject({ reason: 'failed' });
    expect(deadLetters).toMatchObject([{ id: 'dock-1/1/2', code: 'RECORD_INVALID', topic: 'detections', position: 2, record: text }]);
  });

  it.each(['{"oops', '{}', '{"camera":"dock-1","session":1,"seq":900}', '{"camera":"dock-1","session":9,"seq":0}'])(
    'is believed nothing else: %s shows as a hole',
    async (text) => {
      const { topics, deadLetters } = await drive([numbering], [mark('up'), frame(1, one), unreadable(text), frame(3, one)]);
      expect(topics.tracks[2]).toMatchObject({ from: 2, to: 2, reason: 'lost' });
      expect(topics.tracks[3]).toMatchObject({ id: 'dock-1/1/3', type: 'tracks' });
      expect(deadLetters).toMatchObject([{ record: text }]);
    },
  );

  it('of which not even the camera can be read is a letter of nobody', async () => {
    const { deadLetters } = await drive([numbering], [mark('up'), unreadable('{"oops')]);
    expect(deadLetters).toMatchObject([{ camera: 'unknown', session: 0, seq: 0, time: 0 }]);
  });

  it('of which only the camera can be read is a letter of that camera', async () => {
    const { deadLetters } = await drive([numbering], [mark('up'), unreadable('{"camera":"dock-1","type":"gap","from":1}')]);
    expect(deadLetters).toMatchObject([{ camera: 'dock-1', session: 0, seq: 0, task: 'analyse/0' }]);
  });

  it('comes out the same whatever crashes, also when a record behind it throws', async () => {
    const text = '{"camera":"dock-1","session":1,"seq":2}';
    const steps = [mark('up'), frame(1, one), unreadable(text), unreadable('{"oops'), frame(3, poison), frame(4, one)];
    const { topics, tables } = await driveWithCrashes([numbering, tallying], steps);
    expect(topics.tracks.map((record) => (record.type === 'gap' ? record.reason : record.type))).toEqual([
      ...['mark', 'tracks', 'failed', 'failed', 'tracks'],
    ]);
    expect(tables['totals']).toEqual({ 'dock-1': { objects: 2, unseen: 2 } });
  });
});

/** Passes frames on as tracks, gaps and marks as they are, and throws where it is told to. */
function throwing(when: (seq: number) => boolean, error = () => new Error('told to')): KeyedOperator<object, 'detections', 'tracks'> {
  return {
    ...{ name: 'throwing', stateVersion: 1, consumes: 'detections', emits: ['tracks'] },
    initial: () => ({}),
    process(record, _, out) {
      if (when('seq' in record ? record.seq : record.from)) throw error();
      out.emit('tracks', record.type === 'detections' ? { ...record, type: 'tracks', objects: [] } : record);
    },
  };
}

/** Asks for a timer at the first record, and throws when it comes. */
const alarming: KeyedOperator<object, 'detections', 'tracks'> = {
  ...throwing(() => false),
  name: 'alarming',
  process(record, state, out) {
    if ('seq' in record && record.seq === 0) out.wakeAt(record.time + 50);
    throwing(() => false).process(record, state, out);
  },
  onTime() {
    throw new Error('a bad hour');
  },
};

function emitting(
  what: () => Parameters<Parameters<typeof numbering.process>[2]['emit']>[1],
): KeyedOperator<object, 'detections', 'tracks'> {
  return { ...throwing(() => false), name: 'emitting', process: (_, __, out) => out.emit('tracks', what()) };
}
