import { describe, expect, it } from 'vitest';
import { gapFrames, isBlind, RecordInvalid, readRecord } from '../../consumer/index.ts';
import { detected, frame, gap, mark, tracked } from '../records.ts';

const parse = (record: unknown) => readRecord('tracks', JSON.stringify(record));
const problemOf = (record: unknown) => () => parse(record);

describe('a record that is read', () => {
  it.each([tracked(3), gap(4, 9), mark('up')])('comes back as it was written: $type', (record) => {
    expect(JSON.stringify(parse(record))).toBe(JSON.stringify(record));
  });

  it.each([
    ['a field', { ...tracked(3), mood: 'fine' }],
    ['a field within', { ...tracked(3), image: { width: 1, height: 1, depth: 8 } }],
    ['a reason of a gap', { ...gap(4, 9), reason: 'maintenance' }],
    ['a kind of mark', { ...mark('up'), mark: 'moved' }],
    ['a kind of record', { v: 1, type: 'weather', id: 'a/1/0', camera: 'a', session: 1, seq: 0, time: 5, degrees: 21 }],
  ])('may have what a later version adds: %s', (_, record) => {
    expect(parse(record)).toEqual(record);
  });

  it.each([
    ['another version', { ...tracked(3), v: 2 }, /version 1; v: /],
    ['no camera', { ...tracked(3), camera: undefined }, /camera: /],
    ['no place', { ...tracked(3), seq: undefined }, /seq: /],
    ['a place below 0', { ...tracked(3), seq: -1 }, /seq: /],
    ['a gap that ends before it begins', { ...gap(4, 9), to: 3 }, /to: expected a place at or behind `from`/],
    ['an unknown reason and borders the wrong way round', { ...gap(4, 9), to: 3, reason: 'new' }, /to: expected/],
    ['a box of three numbers', { ...frame(3, [detected()]), type: 'tracks', objects: [{ box: [0, 0, 0] }] }, /objects\.0\.box/],
    ['no object', null, /expected object, received null/],
  ])('is refused with what is wrong: %s', (_, record, sentence) => {
    expect(problemOf(record)).toThrow(RecordInvalid);
    expect(problemOf(record)).toThrow(sentence);
  });

  it('is refused as no JSON with the topic and what came', () => {
    expect(() => readRecord('detections', '{"v":1,')).toThrow(/Expected a record of the topic detections.*Got: \{"v":1,/s);
  });

  it('tells with which sentence a server ended the stream', () => {
    expect(problemOf({ type: 'error', code: 'LOG_POSITION_LOST', error: 'Position 3 is not there.' })).toThrow(
      'The server ended the stream: Position 3 is not there.',
    );
  });
});

describe('a gap', () => {
  it('stands for all its places', () => {
    expect(gapFrames(gap(4, 9))).toBe(6);
  });

  it('is blind unless nothing moved or nothing was there', () => {
    const reasons = ['stale', 'overload', 'still', 'failed', 'lost', 'broker', 'decode', 'skipped'] as const;
    expect(reasons.filter((reason) => !isBlind({ reason }))).toEqual(['still', 'skipped']);
  });
});
