import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { Worker } from 'node:worker_threads';
import { type WebSocket, WebSocketServer } from 'ws';
import { ARRIVED, TARGET } from './counts.ts';

export interface Seat {
  readonly socket: WebSocket;
  /** The connection under it. */
  readonly wire: Duplex;
}

/** WebSockets whose other ends live in a thread of their own, which counts what arrives. */
export class Audience {
  readonly seats: readonly Seat[];
  private readonly server: WebSocketServer;
  private readonly worker: Worker;
  private readonly counts: Int32Array<SharedArrayBuffer>;
  private forgotten = 0;

  private constructor(server: WebSocketServer, worker: Worker, seats: readonly Seat[], counts: Int32Array<SharedArrayBuffer>) {
    this.server = server;
    this.worker = worker;
    this.seats = seats;
    this.counts = counts;
  }

  /** @param messageBytes of every message that will be sent, with its WebSocket head. */
  static async open(count: number, messageBytes: number): Promise<Audience> {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
    await once(server, 'listening');
    const counts = new Int32Array(new SharedArrayBuffer(8));
    const { port } = server.address() as AddressInfo;
    const worker = new Worker(new URL('./audience-worker.ts', import.meta.url), { workerData: { port, count, messageBytes, counts } });
    const seats: Seat[] = [];
    const all = Promise.withResolvers<void>();
    server.on('connection', (socket, { socket: wire }) => {
      seats.push({ socket, wire });
      if (seats.length === count) all.resolve();
    });
    await all.promise;
    return new Audience(server, worker, seats, counts);
  }

  /** Resolves when so many messages have arrived since the last `forget`. */
  async received(messages: number): Promise<void> {
    const target = this.forgotten + messages;
    Atomics.store(this.counts, TARGET, target);
    for (;;) {
      const seen = Atomics.load(this.counts, ARRIVED);
      if (seen >= target) return;
      const { async, value } = Atomics.waitAsync(this.counts, ARRIVED, seen);
      if (async) await value;
    }
  }

  forget(): void {
    this.forgotten = Atomics.load(this.counts, ARRIVED);
  }

  /** From now on nothing is taken. */
  stall(): void {
    this.worker.postMessage('stall');
  }

  async close(): Promise<void> {
    await this.worker.terminate();
    for (const { socket } of this.seats) socket.terminate();
    this.server.close();
  }
}
