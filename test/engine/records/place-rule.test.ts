import { describe, expect, it } from 'vitest';
import { admit, covers, endTime, lostGap, PlaceRule, type Progress } from '../../../engine/records/place-rule.ts';
import { frame, gap, mark, timeOf } from '../../records.ts';

const at = (seq: number, session = 1): Progress => ({ session, seq, time: timeOf(seq) });

describe('the place rule', () => {
  it('takes the next place', () => {
    expect(admit(frame(5), at(4))).toEqual({ record: frame(5), hole: undefined, progress: at(5) });
  });

  it.each([frame(4), frame(2), gap(2, 4), mark('down', 0), frame(900, [], { session: 0 })])('drops what is known: $id', (record) => {
    expect(admit(record, at(4))).toEqual({ record: undefined, hole: undefined, progress: at(4) });
  });

  it('takes the first record that covers a place for the truth, whatever comes there later', () => {
    const rule = new PlaceRule();
    rule.admit(mark('up'));
    expect(rule.admit(gap(1, 3)).record).toEqual(gap(1, 3));
    expect(rule.admit(frame(2)).record).toBeUndefined();
    expect(rule.admit(frame(3)).record).toBeUndefined();
    expect(rule.last('dock-1')).toEqual(at(3));
  });

  it('cuts a gap that begins below to what is new, from the last time known on', () => {
    expect(admit(gap(3, 7, 'overload'), at(4)).record).toEqual({ ...gap(5, 7, 'overload'), time: timeOf(4) });
  });

  it('never lets a gap that was cut end before it begins', () => {
    const { record, progress } = admit(gap(3, 7, 'stale', { until: timeOf(3) }), at(4));
    expect(record).toMatchObject({ time: timeOf(4), until: timeOf(4) });
    expect(progress).toEqual({ session: 1, seq: 7, time: timeOf(4) });
  });

  it('changes neither the record nor what was known', () => {
    const record = Object.freeze(gap(3, 7));
    const before = Object.freeze(at(4));
    admit(record, before);
    expect(record).toEqual(gap(3, 7));
  });

  it('finds a hole inside a session, before a gap, and at the start of a session', () => {
    expect(admit(frame(7), at(4)).hole).toEqual({ session: 1, from: 5, to: 6 });
    expect(admit(gap(7, 9), at(4)).hole).toEqual({ session: 1, from: 5, to: 6 });
    expect(admit(frame(2, [], { session: 2 }), at(4)).hole).toEqual({ session: 2, from: 0, to: 1 });
    expect(admit(frame(2), undefined).hole).toEqual({ session: 1, from: 0, to: 1 });
  });

  it('finds none where a session follows another or a gap is cut', () => {
    expect(admit(mark('up', 0, { session: 2 }), at(4)).hole).toBeUndefined();
    expect(admit(gap(2, 9), at(4)).hole).toBeUndefined();
    expect(admit(frame(0), undefined).hole).toBeUndefined();
  });

  it('never lets time fall', () => {
    expect(admit(mark('heartbeat', 5, { time: timeOf(1) }), at(4)).progress).toEqual({ session: 1, seq: 5, time: timeOf(4) });
    expect(endTime(gap(5, 9), at(4))).toBe(timeOf(9));
  });

  it('keeps cameras apart', () => {
    const rule = new PlaceRule([['dock-1', at(4)]]);
    expect(rule.admit(frame(4, [], { camera: 'dock-2', session: 1 })).record).toMatchObject({ camera: 'dock-2', seq: 4 });
    expect(rule.admit(frame(4)).record).toBeUndefined();
  });

  it('says whether a place was reached', () => {
    expect([covers(undefined, at(0)), covers(at(4), at(4)), covers(at(4), at(5)), covers(at(4, 2), at(9))]).toEqual([
      false,
      true,
      false,
      true,
    ]);
  });
});

describe('the gap for a hole', () => {
  const hole = { session: 1, from: 5, to: 6 };

  it('reaches from the last time known to the record that showed it', () => {
    expect(lostGap(hole, frame(7), at(4))).toEqual(gap(5, 6, 'lost', { time: timeOf(4), until: timeOf(7) }));
  });

  it('lies at the time of that record where nothing is known before', () => {
    expect(lostGap(hole, frame(7), undefined)).toMatchObject({ time: timeOf(7), until: timeOf(7) });
  });

  it('never ends before it begins', () => {
    expect(lostGap(hole, mark('heartbeat', 7, { time: timeOf(1) }), at(4))).toMatchObject({ time: timeOf(4), until: timeOf(4) });
  });
});
