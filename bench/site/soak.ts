/**
 * Everything at once for minutes, with a fault every few seconds; exits 1 when something does not hold.
 *
 *     node bench/site/soak.ts [minutes, 3 by default]
 */
import { resolve } from 'node:path';
import { everythingAtOnce, type Outcome } from './everything-at-once.ts';

const minutes = Number(process.argv[2] ?? 3);
const outcome = await everythingAtOnce({
  forMs: minutes * 60_000,
  clip: resolve('demo/footage/clips/dock-1.mp4'),
  model: resolve('models/parcels'),
  fps: 10,
});

const failures = failuresOf(outcome);
for (const [camera, { sessions, frames, gaps, marks }] of outcome.accounts.detections.cameras) {
  print(`${camera}: sessions`, sessions, 'sessions');
  print(`${camera}: looked at`, frames, 'frames');
  print(`${camera}: marks`, marks, 'marks');
  for (const [reason, places] of Object.entries(gaps)) print(`${camera}: not looked at, ${reason}`, places, 'frames');
}
print('records of detections', outcome.detections.length, 'records');
print('faults ordered', outcome.faults, 'faults');
print('what does not hold', failures.length, 'failures');
for (const failure of failures) console.error(failure);
process.exitCode = failures.length === 0 ? 0 : 1;

function failuresOf({ accounts, tracks, overHttp, tailed, replayed, exit }: Outcome): string[] {
  const written = tracks.map(inOneOrder);
  const breaches = [...accounts.detections.breaches, ...accounts.tracks.breaches].map(({ camera, sentence }) => `${camera}: ${sentence}`);
  return [
    ...breaches,
    ...differs('HTTP', written.slice(0, overHttp.length), overHttp),
    ...differs('tail', written, tailed),
    ...differs('replay', written, replayed),
    ...(exit.code === 0 ? [] : [`the site ended with ${exit.code ?? exit.signal}`]),
  ];
}

function differs(who: string, written: readonly string[], read: readonly string[]): string[] {
  return JSON.stringify(written.toSorted()) === JSON.stringify(read.map((line) => inOneOrder(JSON.parse(line))).toSorted())
    ? []
    : [`${who} has other tracks than the log: ${read.length} lines, not ${written.length}`];
}

/** Fields may stand in any order. */
function inOneOrder(record: object): string {
  return JSON.stringify(Object.entries(record).sort(([a], [b]) => a.localeCompare(b)));
}

function print(what: string, value: number, unit: string): void {
  console.log(JSON.stringify({ name: 'soak', case: what, value, unit }));
}
