/**
 * Messages a second to many viewers of one camera, ours against a plain loop over `ws`: in turns, with the same message, and with readers
 * that only count. One JSON line a figure. On a busy machine the processor time of the sender is the truer figure.
 *
 *     node bench/live-view/fan-out.ts [viewers] [rounds] [bytes]
 */
import type { Clock } from '../../engine/clock.ts';
import { SystemClock } from '../../engine/clock.ts';
import { binaryFrame } from '../../ui/server/live/binary-frame.ts';
import { Viewer } from '../../ui/server/live/viewer.ts';
import { printCase, quantile } from '../print-case.ts';
import { Audience } from './audience.ts';

const ROUND_MS = 1000;

interface Round {
  readonly perSecond: number;
  /** Of the sending thread, user and system, for a message. */
  readonly cpuMicros: number;
  /** Of that, what the kernel takes: copying, and over the loopback the receiver's side of TCP. */
  readonly kernelMicros: number;
}

const [viewers, rounds, bytes] = [Number(process.argv[2] ?? 100), Number(process.argv[3] ?? 15), Number(process.argv[4] ?? 40_000)];
const clock = new SystemClock();
const message = new Uint8Array(bytes).fill(7);
const audience = await Audience.open(viewers, binaryFrame(message).byteLength);
const watching = audience.seats.map(({ socket, wire }) => watcher(socket, wire, clock));

const plain = () => {
  for (const { socket } of audience.seats) socket.send(message);
};
/** As the hub does it: framed once for each message, then given to every viewer. */
const ours = () => {
  const frame = binaryFrame(message);
  for (const viewer of watching) viewer.picture('dock-1', frame);
};

await round(plain);
await round(ours);
const pairs: { readonly plain: Round; readonly ours: Round }[] = [];
// Who goes first changes from pair to pair: what the machine does otherwise must not fall on one of them.
for (let count = 0; count < rounds; count += 1) {
  const first = await round(count % 2 === 0 ? plain : ours);
  const second = await round(count % 2 === 0 ? ours : plain);
  pairs.push(count % 2 === 0 ? { plain: first, ours: second } : { plain: second, ours: first });
}
await audience.close();

const what = `${viewers} viewers, ${bytes} bytes`;
const median = (value: (pair: (typeof pairs)[number]) => number) => quantile(pairs.map(value), 0.5);
printCase(
  'live-view',
  `plain ws loop, ${what}, median`,
  median((pair) => pair.plain.perSecond),
  'messages/s',
);
printCase(
  'live-view',
  `our stream, ${what}, median`,
  median((pair) => pair.ours.perSecond),
  'messages/s',
);
printCase(
  'live-view',
  `messages a second, ours against plain, ${what}, median of pairs`,
  median((pair) => pair.ours.perSecond / pair.plain.perSecond),
  'ratio',
);
printCase(
  'live-view',
  `plain ws loop, processor time of a message, ${what}, median`,
  median((pair) => pair.plain.cpuMicros),
  'µs',
);
printCase(
  'live-view',
  `our stream, processor time of a message, ${what}, median`,
  median((pair) => pair.ours.cpuMicros),
  'µs',
);
printCase(
  'live-view',
  `our stream, of that in the kernel, ${what}, median`,
  median((pair) => pair.ours.kernelMicros / pair.ours.cpuMicros),
  'share',
);
printCase(
  'live-view',
  `outside the kernel, processor time of a message, plain against ours, ${what}, median of pairs`,
  median((pair) => (pair.plain.cpuMicros - pair.plain.kernelMicros) / (pair.ours.cpuMicros - pair.ours.kernelMicros)),
  'ratio',
);
printCase(
  'live-view',
  `processor time, plain against ours, ${what}, median of pairs`,
  median((pair) => pair.plain.cpuMicros / pair.ours.cpuMicros),
  'ratio',
);
process.exit(0);

/** A new message is given when all have taken the one before. */
async function round(give: () => void): Promise<Round> {
  const [startedMs, cpu] = [clock.monotonic(), process.threadCpuUsage()];
  let given = 0;
  while (clock.monotonic() - startedMs < ROUND_MS) {
    give();
    given += viewers;
    await audience.received(given);
  }
  const { user, system } = process.threadCpuUsage(cpu);
  const perSecond = (given * 1000) / (clock.monotonic() - startedMs);
  audience.forget();
  return { perSecond, cpuMicros: (user + system) / given, kernelMicros: system / given };
}

function watcher(socket: Audience['seats'][number]['socket'], wire: Audience['seats'][number]['wire'], time: Clock): Viewer {
  const viewer = new Viewer(socket, wire, time);
  viewer.watch([{ id: 'dock-1', width: 640, fps: 60 }]);
  return viewer;
}
