import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ISocketFactoryArgs } from 'kafkajs';

const KEEP_ALIVE_MS = 60_000;

/** Opens the socket to a broker. As kafkajs does, but small requests leave at once (no waiting for more to send). */
export function connectSocket({ host, port, ssl, onConnect }: ISocketFactoryArgs): Socket {
  const name = isIP(host) === 0 ? { servername: host } : {};
  const socket = ssl
    ? connectTls({ host, port, ...name, ...(typeof ssl === 'object' ? ssl : {}) }, onConnect)
    : connect({ host, port }, onConnect);
  socket.setNoDelay(true);
  return socket.setKeepAlive(true, KEEP_ALIVE_MS);
}
