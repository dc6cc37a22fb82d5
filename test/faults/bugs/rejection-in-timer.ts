import { isMainThread } from 'node:worker_threads';

/** A bug for `unforeseen-errors.test.ts`: rejects a promise that nobody awaits, once the program handles what nobody catches. */
function rejectOnceHandled(): void {
  if (process.listenerCount('uncaughtException') === 0) setTimeout(rejectOnceHandled, 10);
  else void Promise.reject(new Error('cannot open rtsp://viewer:hunter2@192.0.2.1/stream'));
}

if (isMainThread) setTimeout(rejectOnceHandled, 10);
