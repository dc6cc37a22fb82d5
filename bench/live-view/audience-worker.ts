import { connect } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { ARRIVED, TARGET } from './counts.ts';

/** The cheapest readers there can be, so that what is measured is the sender: bytes are counted, never looked at. */
interface Data {
  readonly port: number;
  readonly count: number;
  readonly messageBytes: number;
  readonly counts: Int32Array<SharedArrayBuffer>;
}

const { port, count, messageBytes, counts } = workerData as Data;
const REQUEST = `GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`;
const END_OF_HEAD = '\r\n\r\n';
const CHUNK = Buffer.alloc(256 * 1024);

function arrived(messages: number): void {
  const before = Atomics.add(counts, ARRIVED, messages);
  if (before + messages >= Atomics.load(counts, TARGET)) Atomics.notify(counts, ARRIVED);
}

function open() {
  let upgraded = false;
  let bytes = 0;
  const socket = connect({
    port,
    host: '127.0.0.1',
    onread: {
      buffer: CHUNK,
      callback: (length: number, buffer: Uint8Array) => {
        const head = upgraded ? 0 : Buffer.from(buffer.subarray(0, length)).toString('latin1').indexOf(END_OF_HEAD) + END_OF_HEAD.length;
        upgraded = true;
        bytes += length - head;
        const messages = Math.floor(bytes / messageBytes);
        bytes -= messages * messageBytes;
        if (messages > 0) arrived(messages);
        return true;
      },
    },
  });
  socket.write(REQUEST);
  return socket;
}

const sockets = Array.from({ length: count }, open);
parentPort?.on('message', () => {
  for (const socket of sockets) socket.pause();
});
