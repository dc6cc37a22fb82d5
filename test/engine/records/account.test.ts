import { describe, expect, it } from 'vitest';
import { type AccountOptions, type Breach, checkAccount } from '../../../engine/records/account.ts';
import type { StreamRecord } from '../../../engine/records/record.ts';
import { detected, frame, gap, mark, timeOf, tracked } from '../../records.ts';

const OPENING = [mark('up', 0), mark('settings', 1, { hash: 'none', settings: {} })];

function kinds(records: readonly unknown[], options: Partial<AccountOptions> = {}): Breach['kind'][] {
  return checkAccount(records, { topic: 'detections', ...options }).breaches.map(({ kind }) => kind);
}

describe('the place checker', () => {
  it('finds nothing in a whole account', () => {
    expect(kinds([...OPENING, frame(2), gap(3, 5), frame(6), mark('down', 7), mark('heartbeat', 8)])).toEqual([]);
  });

  it('follows each camera by itself', () => {
    const other = { camera: 'gate-2' };
    expect(kinds([mark('up', 0), mark('up', 0, other), frame(1), frame(1, [], other)])).toEqual([]);
  });

  it('follows a camera from session to session', () => {
    const later = { session: 2, time: timeOf(9) };
    expect(kinds([mark('up', 0), frame(1), mark('up', 0, later), frame(1, [], later)])).toEqual([]);
  });

  it.each<[string, StreamRecord[], Breach['kind']]>([
    ['a hole', [mark('up', 0), frame(2)], 'hole'],
    ['a session that begins late', [frame(3)], 'hole'],
    ['a double', [mark('up', 0), frame(1), frame(1)], 'double'],
    ['a gap that overlaps a frame', [mark('up', 0), frame(1), gap(1, 3)], 'overlap'],
    ['a session that begins without a mark', [frame(0)], 'session'],
    ['a session that comes back', [mark('up', 0, { session: 2 }), mark('up', 0, { session: 1 })], 'session'],
    ['time that falls', [mark('up', 0), frame(1, [], { time: timeOf(0) - 1 })], 'time'],
    ['a gap over a full minute', [mark('up', 0), gap(1, 2, 'stale', { until: timeOf(0) + 60_000 })], 'time'],
    ['a gap whose time ends before it begins', [mark('up', 0), gap(1, 2, 'stale', { until: timeOf(0) })], 'invalid'],
    ['a gap whose places end before they begin', [mark('up', 0), gap(2, 1, 'stale', { until: timeOf(2) })], 'invalid'],
    ['a frame after down', [mark('up', 0), mark('down', 1), frame(2)], 'closed'],
    ['a heartbeat after end', [mark('up', 0), mark('end', 1), mark('heartbeat', 2)], 'closed'],
    ['settings that nobody announced', [...OPENING, frame(2, [], { model: { ...frame(0).model, settings: 'other' } })], 'settings'],
    ['an id of another place', [{ ...mark('up', 0), id: 'dock-1/1/7' }], 'id'],
  ])('finds %s', (_name, records, kind) => {
    expect(kinds(records)).toEqual([kind]);
  });

  it('finds a reason that is not known', () => {
    expect(kinds([mark('up', 0), { ...gap(1, 2), reason: 'tired' }])).toContain('invalid');
  });

  it('says of a gap that ends before it begins which field is wrong, and what was expected', () => {
    const { breaches } = checkAccount([gap(2, 1)], { topic: 'detections', partial: true });
    expect(breaches[0]?.sentence).toBe('to: expected a place at or behind `from`; until: expected a time at or after `time`');
  });

  it('lets a lost gap span minutes, since nobody knows when in between its places were', () => {
    expect(kinds([mark('up', 0), gap(1, 2, 'lost', { until: timeOf(0) + 180_000 })])).toEqual([]);
  });

  it('finds what is no record, and names the line', () => {
    const { breaches } = checkAccount([mark('up', 0), 'not JSON'], { topic: 'detections' });
    expect(breaches).toEqual([expect.objectContaining({ line: 2, kind: 'invalid', camera: '?' })]);
  });

  it('takes a beginning in the middle when it is told to', () => {
    expect(kinds([frame(7), frame(8)], { partial: true })).toEqual([]);
    expect(kinds([frame(7), frame(9)], { partial: true })).toEqual(['hole']);
  });

  it('applies the place rule when it is told to', () => {
    const again = [mark('up', 0), frame(1), frame(2), gap(1, 3)];
    expect(kinds(again)).toEqual(['overlap', 'time']);
    expect(kinds(again, { placeRule: true })).toEqual([]);
  });

  it('counts frames, objects, marks and lost places', () => {
    const { cameras } = checkAccount([mark('up', 0), frame(1, [detected(), detected()]), gap(2, 4, 'overload'), gap(5, 5)], {
      topic: 'detections',
    });
    expect(cameras.get('dock-1')).toEqual({ records: 4, sessions: 1, frames: 1, objects: 2, marks: 1, gaps: { overload: 3, stale: 1 } });
  });

  it('checks tracks as it checks detections', () => {
    expect(kinds([mark('up', 0), tracked(1), tracked(3)], { topic: 'tracks' })).toEqual(['hole']);
  });
});
