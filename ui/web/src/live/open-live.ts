import { LiveWork } from '../worker/live-work.ts';
import { drawsInWorkers, Live } from './live.ts';
import type { FromWorker, ToWorker } from './messages.ts';
import { portPair, threadPort } from './port.ts';

/** Connects: in a worker, or where a browser cannot draw in one, with the same code in this thread. */
export function openLive(): Live {
  if (!drawsInWorkers()) return openHere();
  const worker = new Worker(new URL('../worker/live-worker.ts', import.meta.url));
  const live = new Live(threadPort<FromWorker, ToWorker>(worker));
  worker.onerror = () => live.link.set('lost');
  return live;
}

function openHere(): Live {
  const [page, worker] = portPair<FromWorker, ToWorker>();
  new LiveWork(worker).start();
  return new Live(page);
}
