import { expect, it } from 'vitest';
import { TOPICS } from '../engine/records/topic.ts';
import { detected, frame, gap, mark, timeOf, tracked } from './records.ts';

it.each([
  ['a frame', 'detections', frame(3, [detected()])],
  ['a frame of another camera and session', 'detections', frame(3, [], { camera: 'dock-2', session: 9, time: 5 })],
  ['tracks', 'tracks', tracked(3, [{ ...detected(), track: 'dock-1/1/0', state: 'confirmed', since: timeOf(0) }])],
  ['a gap', 'detections', gap(3, 5, 'overload')],
  ['a mark', 'tracks', mark('down', 4, { cause: 'timeout' })],
] as const)('builds a valid record: %s', (_, topic, record) => {
  expect(TOPICS[topic].schema.parse(record)).toEqual(record);
});

it('derives the id from camera, session and place', () => {
  expect(gap(3, 5, 'stale', { camera: 'dock-2', session: 7 }).id).toBe('dock-2/7/3');
});
