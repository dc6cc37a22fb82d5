/**
 * Speed of tracking alone: how many records the operator turns into tracks in a second of processor time (all threads of the process,
 * garbage collection included), record building included. Processor time, since other work on the machine would be counted else.
 * Boxes of constant velocity at constant density (30 on a 1920×1080 picture), 5 % missed, 10 % of low score, as the published figures
 * of other trackers were measured. Prints one JSON line a case, the best of several runs.
 *
 *     node bench/tracker.ts [runs]
 */
import type { Emitter } from '../engine/contract/operator.ts';
import { createTrackOperator } from '../operators/track/index.ts';
import { movingBoxes } from './tracking/moving-boxes.ts';

const UPDATES_OF_OBJECTS = 300_000;
const nowhere: Emitter<'tracks'> = { place: { session: 1, seq: 0 }, emit() {}, wakeAt() {}, table() {} };
const runs = Number(process.argv[2] ?? 7);

for (const objects of [10, 100, 1000]) {
  const records = movingBoxes(objects, Math.min(3000, UPDATES_OF_OBJECTS / objects), 1);
  const results = Array.from({ length: runs }, () => updatesPerSecond(records));
  const best = results.reduce((a, b) => (a.perSecond > b.perSecond ? a : b));
  print(`${objects} objects`, Math.round(best.perSecond), 'updates/s');
  print(`${objects} objects, tracks begun`, best.tracks, 'tracks');
}

function updatesPerSecond(records: ReturnType<typeof movingBoxes>): { perSecond: number; tracks: number } {
  const operator = createTrackOperator();
  const state = operator.initial('bench');
  const start = process.cpuUsage();
  for (const record of records) operator.process(record, state, nowhere);
  const { user, system } = process.cpuUsage(start);
  const seconds = (user + system) / 1e6;
  return { perSecond: records.length / seconds, tracks: state.nextNumber - 1 };
}

function print(name: string, value: number, unit: string): void {
  console.log(JSON.stringify({ name: 'tracker', case: name, value, unit }));
}
