import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { ERROR_CODES, OcelliError } from '../../errors.ts';
import type { Answer, Failure, Question, TaskName, Tasks, WorkerSettings } from './background-protocol.ts';
import type { RetentionLimits } from './retention-limits.ts';

interface Waiting {
  resolve(answer: unknown): void;
  reject(error: unknown): void;
}

/**
 * A worker thread with a connection of its own, for what would hold the main thread up: large reads, retention, checkpoints. It starts
 * with the first question, and again with the next one should it ever die. It does not keep the process alive.
 */
export class Background {
  private readonly settings: WorkerSettings;
  private worker: Worker | undefined;
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;
  private closed = false;

  constructor(path: string, limits: RetentionLimits) {
    this.settings = { path, limits };
  }

  /** Rejects with what the task threw, or when the worker died over it. */
  ask<N extends TaskName>(name: N, question: Tasks[N]['question']): Promise<Tasks[N]['answer']> {
    if (this.closed) return Promise.reject(new Error('The log was closed.'));
    const id = ++this.lastId;
    this.worker ??= this.start();
    this.worker.ref();
    return new Promise<Tasks[N]['answer']>((resolve, reject) => {
      this.waiting.set(id, { resolve: (answer) => resolve(answer as Tasks[N]['answer']), reject });
      this.worker?.postMessage({ id, name, question } as Question);
    });
  }

  /** Lets the task that it is at come to its next stop, then ends the worker. */
  async close(): Promise<void> {
    this.closed = true;
    const { worker } = this;
    if (worker === undefined) return;
    const ended = new Promise((resolve) => worker.once('exit', resolve));
    worker.ref();
    worker.postMessage('close');
    await ended;
  }

  private start(): Worker {
    const script = new URL(`./background-worker${extname(import.meta.url)}`, import.meta.url);
    const worker = new Worker(script, { workerData: this.settings, name: 'ocelli-log' });
    worker.unref();
    worker.on('message', (answer: Answer) => this.settle(answer));
    worker.on('error', (error) => this.failAll(error));
    worker.on('exit', () => {
      this.worker = undefined;
      this.failAll(new Error('The background worker of the log ended before it answered.'));
    });
    return worker;
  }

  private settle(answer: Answer): void {
    const waiting = this.waiting.get(answer.id);
    this.waiting.delete(answer.id);
    if (this.waiting.size === 0 && !this.closed) this.worker?.unref();
    if ('failure' in answer) waiting?.reject(revive(answer.failure));
    else waiting?.resolve(answer.answer);
  }

  private failAll(error: unknown): void {
    const lost = [...this.waiting.values()];
    this.waiting.clear();
    for (const { reject } of lost) reject(error);
  }
}

function revive({ code, message, context }: Failure): Error {
  const known = ERROR_CODES.find((one) => one === code);
  return known === undefined ? new Error(message) : new OcelliError(known, message, context);
}
