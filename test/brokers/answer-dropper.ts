import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** What becomes of the next request that holds a word: it never arrives, or its answer never comes back. The connection breaks either way. */
export type Loss = 'request' | 'answer';

/** Stands between a client and a server, and breaks the connection at a moment that a test chooses. */
export class AnswerDropper {
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private planned: { readonly loss: Loss; readonly word: string } | undefined;

  static async before(port: number): Promise<AnswerDropper> {
    const dropper = new AnswerDropper(port);
    dropper.server.listen(0, '127.0.0.1');
    await once(dropper.server, 'listening');
    return dropper;
  }

  private constructor(port: number) {
    this.server = createServer((client) => this.join(client, port));
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  lose(loss: Loss, word: string): void {
    this.planned = { loss, word };
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private join(client: Socket, port: number): void {
    const server = connect(port, '127.0.0.1');
    let mute = false;
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        this.sockets.delete(socket);
        other.destroy();
      });
    }
    client.on('data', (bytes) => {
      const loss = this.lossOf(bytes);
      if (loss === 'request') client.destroy();
      else server.write(bytes);
      mute ||= loss === 'answer';
    });
    server.on('data', (bytes) => (mute ? client.destroy() : client.write(bytes)));
  }

  private lossOf(bytes: Buffer): Loss | undefined {
    const { planned } = this;
    if (planned === undefined || !bytes.includes(planned.word)) return undefined;
    this.planned = undefined;
    return planned.loss;
  }
}
