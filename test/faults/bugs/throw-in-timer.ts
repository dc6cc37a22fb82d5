import { isMainThread } from 'node:worker_threads';

/** A bug for `unforeseen-errors.test.ts`: throws from a timer, once the program handles what nobody catches. */
function throwOnceHandled(): void {
  if (process.listenerCount('uncaughtException') === 0) setTimeout(throwOnceHandled, 10);
  else throw new Error('cannot open rtsp://viewer:hunter2@192.0.2.1/stream');
}

if (isMainThread) setTimeout(throwOnceHandled, 10);
