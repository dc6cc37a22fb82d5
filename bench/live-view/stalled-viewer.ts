/**
 * How long a message takes to the others while one viewer takes nothing. Blocks with and without such a viewer follow each other, so that
 * what else the machine does falls on both; in each block it is a new one, so that both filling its buffer and passing it over are in it.
 *
 *     node bench/live-view/stalled-viewer.ts [blocks]
 */
import { SystemClock } from '../../engine/clock.ts';
import { binaryFrame } from '../../ui/server/live/binary-frame.ts';
import { Viewer } from '../../ui/server/live/viewer.ts';
import { printCase, quantile } from '../print-case.ts';
import { Audience } from './audience.ts';

const OTHERS = 20;
/** 40 messages of 40 KB fill the megabyte that a viewer may lag behind, and the kernel's buffers before it, and go on. */
const MESSAGE_BYTES = 40_000;
const MESSAGES = 60;
const PACED_MS = 20;

const blocks = Number(process.argv[2] ?? 24);
const clock = new SystemClock();
const frame = binaryFrame(new Uint8Array(MESSAGE_BYTES).fill(7));
const others = await Audience.open(OTHERS, frame.byteLength);
const watching = others.seats.map(watcher);
await block(watching);

const alone: number[][] = [];
const beside: number[][] = [];
for (let count = 0; count < blocks; count += 1) {
  alone.push(await block(watching));
  const stalled = await Audience.open(1, frame.byteLength);
  stalled.stall();
  beside.push(await block([...watching, ...stalled.seats.map(watcher)]));
  await stalled.close();
}
await others.close();

const p99 = (delays: readonly number[][]) => quantile(delays.flat(), 0.99);
printCase('live-view', `p99 of a message to ${OTHERS} viewers, ${blocks * MESSAGES} messages`, p99(alone), 'ms');
printCase('live-view', 'the same beside a viewer that takes nothing', p99(beside), 'ms');
printCase('live-view', 'p99 beside a stalled viewer against without', p99(beside) / p99(alone), 'ratio');
printCase(
  'live-view',
  'median of a block’s p50 beside a stalled viewer against without',
  medianOfMedians(beside) / medianOfMedians(alone),
  'ratio',
);
process.exit(0);

/** How long each message took until all others had it, milliseconds. */
async function block(viewers: readonly Viewer[]): Promise<number[]> {
  const took: number[] = [];
  others.forget();
  for (let count = 1; count <= MESSAGES; count += 1) {
    const givenMs = clock.monotonic();
    for (const viewer of viewers) viewer.picture('dock-1', frame);
    await others.received(count * OTHERS);
    took.push(clock.monotonic() - givenMs);
    await new Promise<void>((resolve) => void clock.after(Math.max(0, PACED_MS - (took.at(-1) ?? 0)), resolve));
  }
  return took;
}

function medianOfMedians(delays: readonly number[][]): number {
  return quantile(
    delays.map((took) => quantile(took, 0.5)),
    0.5,
  );
}

function watcher({ socket, wire }: Audience['seats'][number]): Viewer {
  const viewer = new Viewer(socket, wire, clock);
  viewer.watch([{ id: 'dock-1', width: 640, fps: 60 }]);
  return viewer;
}
