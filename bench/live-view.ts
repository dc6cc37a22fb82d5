/**
 * What the live stream costs, one JSON line a figure: {"name", "case", "value", "unit"}. Wants a quiet machine.
 *
 *     node bench/live-view.ts [viewers] [rounds]
 *
 * 1. Messages a second to many viewers of one camera, against a plain loop over `ws`, in turns, with the same message.
 * 2. How long a message takes to the others while one viewer takes nothing, against a round without it.
 */
import type { WebSocket } from 'ws';
import { SystemClock } from '../engine/clock.ts';
import { Viewer } from '../ui/server/live/viewer.ts';
import { Audience } from './live-view/audience.ts';
import { printCase, quantile } from './print-case.ts';

const ROUND_MS = 3000;
/** A picture of 640 pixels with its record. */
const MESSAGE_BYTES = 40_000;
const PACED_MS = 100;

const viewers = Number(process.argv[2] ?? 100);
const rounds = Number(process.argv[3] ?? 5);
const clock = new SystemClock();
const message = new Uint8Array(MESSAGE_BYTES).fill(7);

await fanOut();
await stalledViewer();
process.exit(0);

async function fanOut(): Promise<void> {
  const audience = await Audience.open(viewers);
  const watching = audience.sockets.map((socket) => watcher(socket));
  const plain: number[] = [];
  const ours: number[] = [];
  for (let round = 0; round < rounds; round++) {
    plain.push(await rate(audience, () => audience.sockets.forEach((socket) => void socket.send(message))));
    ours.push(await rate(audience, () => watching.forEach((viewer) => void viewer.picture('dock-1', message))));
  }
  await audience.close();
  const what = `${viewers} viewers, ${MESSAGE_BYTES} bytes`;
  printCase('live-view', `plain ws loop, ${what}, median`, median(plain), 'messages/s');
  printCase('live-view', `our stream, ${what}, median`, median(ours), 'messages/s');
  printCase('live-view', 'our stream against plain ws, median of pairs', median(ours.map((value, i) => value / plain[i])), 'ratio');
}

/** Messages a second that reached the viewers; a new one is given when all have taken the one before. */
async function rate(audience: Audience, give: () => void): Promise<number> {
  const startedMs = clock.monotonic();
  let given = 0;
  while (clock.monotonic() - startedMs < ROUND_MS) {
    give();
    given += viewers;
    await audience.received(given);
  }
  const perSecond = (given * 1000) / (clock.monotonic() - startedMs);
  audience.forget();
  return perSecond;
}

async function stalledViewer(): Promise<void> {
  const [alone, beside] = [await delays(false), await delays(true)];
  printCase('live-view', 'p99 of a message to 20 viewers', alone, 'ms');
  printCase('live-view', 'the same beside a viewer that takes nothing', beside, 'ms');
  printCase('live-view', 'p99 beside a stalled viewer against without', beside / alone, 'ratio');
}

/** At ten messages a second: how long until all others have one, 99th percentile. */
async function delays(withStalled: boolean): Promise<number> {
  const audience = await Audience.open(20);
  const stalled = withStalled ? await Audience.open(1) : undefined;
  stalled?.stall();
  const watching = [...audience.sockets, ...(stalled?.sockets ?? [])].map((socket) => watcher(socket));
  const took: number[] = [];
  for (let count = 1; count <= 300; count++) {
    const givenMs = clock.monotonic();
    for (const viewer of watching) viewer.picture('dock-1', message);
    await audience.received(count * 20);
    took.push(clock.monotonic() - givenMs);
    await new Promise<void>((resolve) => void clock.after(Math.max(0, PACED_MS - took[took.length - 1]), resolve));
  }
  await Promise.all([audience.close(), stalled?.close()]);
  return quantile(took, 0.99);
}

function watcher(socket: WebSocket): Viewer {
  const viewer = new Viewer(socket, clock);
  viewer.watch([{ id: 'dock-1', width: 640, fps: 60 }]);
  return viewer;
}

function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}
