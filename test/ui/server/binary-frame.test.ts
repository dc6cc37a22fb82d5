import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { binaryFrame } from '../../../ui/server/live/binary-frame.ts';

/** What a client of another implementation makes of bytes on the wire, between two messages that `ws` sends itself. */
async function heard(frames: readonly Uint8Array[]): Promise<{ bytes: number; isBinary: boolean }[]> {
  const http = createServer().listen(0, '127.0.0.1');
  const server = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  http.on('upgrade', (request: IncomingMessage, wire: Duplex, head: Buffer) =>
    server.handleUpgrade(request, wire, head, (socket) => {
      socket.send('before');
      for (const frame of frames) wire.write(frame);
      socket.send('after');
      socket.close();
    }),
  );
  await new Promise((resolve) => http.once('listening', resolve));
  const client = new WebSocket(`ws://127.0.0.1:${(http.address() as AddressInfo).port}`);
  const messages: { bytes: number; isBinary: boolean }[] = [];
  client.on('message', (data, isBinary) => messages.push({ bytes: (data as Buffer).length, isBinary }));
  await new Promise((resolve, reject) => client.once('close', resolve).once('error', reject));
  http.close();
  return messages;
}

describe('a framed message', () => {
  it.each([0, 1, 125, 126, 65_535, 65_536, 300_000])(
    'of %i bytes is understood as one binary message, between messages of ws',
    async (bytes) => {
      expect(await heard([binaryFrame(new Uint8Array(bytes).fill(7)), binaryFrame(Uint8Array.of(1, 2, 3))])).toEqual([
        { bytes: 6, isBinary: false },
        { bytes, isBinary: true },
        { bytes: 3, isBinary: true },
        { bytes: 5, isBinary: false },
      ]);
    },
  );

  it('carries its payload unchanged', () => {
    expect([...binaryFrame(Uint8Array.of(5, 6, 7))]).toEqual([0x82, 3, 5, 6, 7]);
  });
});
