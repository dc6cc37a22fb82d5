import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Worker } from 'node:worker_threads';
import { type WebSocket, WebSocketServer } from 'ws';

/** WebSockets whose other ends live in a thread of their own, which counts what arrives. */
export class Audience {
  readonly sockets: readonly WebSocket[];
  private readonly server: WebSocketServer;
  private readonly worker: Worker;
  private readonly counts: Int32Array<SharedArrayBuffer>;
  private forgotten = 0;

  private constructor(server: WebSocketServer, worker: Worker, sockets: readonly WebSocket[], counts: Int32Array<SharedArrayBuffer>) {
    this.server = server;
    this.worker = worker;
    this.sockets = sockets;
    this.counts = counts;
  }

  static async open(count: number): Promise<Audience> {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
    await once(server, 'listening');
    const counts = new Int32Array(new SharedArrayBuffer(8));
    const { port } = server.address() as AddressInfo;
    const worker = new Worker(new URL('./audience-worker.ts', import.meta.url), { workerData: { port, count, counts } });
    const sockets: WebSocket[] = [];
    const all = Promise.withResolvers<void>();
    server.on('connection', (socket) => {
      sockets.push(socket);
      if (sockets.length === count) all.resolve();
    });
    await all.promise;
    return new Audience(server, worker, sockets, counts);
  }

  /** Resolves when so many messages have arrived since the last `forget`. */
  async received(messages: number): Promise<void> {
    for (;;) {
      const seen = Atomics.load(this.counts, 0);
      if (seen - this.forgotten >= messages) return;
      const { async, value } = Atomics.waitAsync(this.counts, 0, seen);
      if (async) await value;
    }
  }

  forget(): void {
    this.forgotten = Atomics.load(this.counts, 0);
  }

  /** From now on nothing is taken. */
  stall(): void {
    this.worker.postMessage('stall');
  }

  async close(): Promise<void> {
    await this.worker.terminate();
    for (const socket of this.sockets) socket.terminate();
    this.server.close();
  }
}
