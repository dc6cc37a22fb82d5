/** The entry of the worker thread; see Background. */
import { parentPort, workerData } from 'node:worker_threads';
import { SystemClock } from '../../clock.ts';
import { OcelliError, sentenceOf } from '../../errors.ts';
import { Connection } from '../../sqlite/connection.ts';
import type { Answer, Failure, Question, TaskName, Tasks, WorkerSettings } from './background-protocol.ts';
import { checkpoint } from './checkpoint.ts';
import { readPage, seekTime } from './read-topic.ts';
import { retain } from './retention.ts';

/** How long this thread waits for the write lock before it leaves the work to the next round; under full load it takes several tries. */
const BUSY_MS = 500;

const port = parentPort;
if (port === null) throw new Error('background-worker runs as a worker thread, not by itself.');

const { path, limits }: WorkerSettings = workerData;
const connection = new Connection(path, { busyMs: BUSY_MS });
connection.exec('PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0');
const clock = new SystemClock();
const closing = new AbortController();

type Task<N extends TaskName> = (question: Tasks[N]['question']) => Tasks[N]['answer'] | Promise<Tasks[N]['answer']>;
const tasks: { readonly [N in TaskName]: Task<N> } = {
  read: ({ topic, request }) => readPage(connection, topic, request),
  seek: ({ topic, time }) => seekTime(connection, topic, time),
  retain: ({ now }) => retain(connection, limits, now, { clock, signal: closing.signal }),
  checkpoint: () => checkpoint(connection),
};

const running = new Set<Promise<void>>();
port.on('message', (message: Question | 'close') => {
  if (message === 'close') return void close();
  const task = answer(message).then((result) => port.postMessage(result));
  running.add(task);
  void task.finally(() => running.delete(task));
});

async function answer({ id, name, question }: Question): Promise<Answer> {
  try {
    return { id, answer: await (tasks[name] as Task<TaskName>)(question) };
  } catch (error) {
    return { id, failure: toFailure(error) };
  }
}

function toFailure(error: unknown): Failure {
  if (!(error instanceof OcelliError)) return { code: undefined, message: sentenceOf(error), context: {} };
  return { code: error.code, message: error.message, context: error.context };
}

async function close(): Promise<void> {
  closing.abort();
  await Promise.all(running);
  connection.close();
  port?.close();
}
