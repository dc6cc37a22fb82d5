import { parentPort, workerData } from 'node:worker_threads';
import { WebSocket } from 'ws';

const { port, count, counts } = workerData as { port: number; count: number; counts: Int32Array<SharedArrayBuffer> };
const sockets = Array.from({ length: count }, () => new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false }));

for (const socket of sockets) {
  socket.on('message', () => {
    Atomics.add(counts, 0, 1);
    Atomics.notify(counts, 0);
  });
}
parentPort?.on('message', () => {
  for (const socket of sockets) socket.pause();
});
