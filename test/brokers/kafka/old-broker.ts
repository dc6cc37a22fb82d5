import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';

const API_VERSIONS = 18;

/** Something that answers as a Kafka 0.10 does when it is asked which requests it knows: none of those that came later. */
export async function startOldBroker(): Promise<{ readonly address: string; close(): void }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}));
    socket.on('data', (request: Buffer) => {
      if (request.readInt16BE(4) === API_VERSIONS) socket.write(versionsAnswer(request.readInt32BE(8), request.readInt16BE(6)));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return { address: `127.0.0.1:${(server.address() as { port: number }).port}`, close };
}

/** ApiVersions response, https://kafka.apache.org/protocol#The_Messages_ApiVersions: only version 0 is understood, Metadata up to 2. */
function versionsAnswer(correlationId: number, version: number): Buffer {
  const unsupported = version > 0;
  const answer = Buffer.alloc(unsupported ? 18 : 26);
  answer.writeInt32BE(answer.length - 4, 0);
  answer.writeInt32BE(correlationId, 4);
  answer.writeInt16BE(unsupported ? 35 : 0, 8);
  answer.writeInt32BE(unsupported ? 0 : 2, 10);
  if (unsupported) return answer;
  for (const [index, apiKey] of [3, API_VERSIONS].entries()) {
    answer.writeInt16BE(apiKey, 14 + 6 * index);
    answer.writeInt16BE(0, 16 + 6 * index);
    answer.writeInt16BE(apiKey === 3 ? 2 : 0, 18 + 6 * index);
  }
  return answer;
}
