import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** What becomes of the next request that holds a word: it never arrives, or its answer never comes back. The connection breaks either way. */
export type Loss = 'request' | 'answer';

/** Stands between clients and a server, and breaks their connections at moments that a test chooses. */
export class TcpProxy {
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private planned: { readonly loss: Loss; readonly word: string; happened(): void } | undefined;

  /** @param target of the server, and `address` of its clients, as `host:port`; a free port of this machine unless told otherwise */
  static async before(target: string, address = '127.0.0.1:0'): Promise<TcpProxy> {
    const proxy = new TcpProxy(target);
    proxy.server.listen(placeOf(address));
    await once(proxy.server, 'listening');
    return proxy;
  }

  private constructor(target: string) {
    this.server = createServer((client) => this.join(client, connect(placeOf(target))));
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Resolves when it has come to that. */
  lose(loss: Loss, word: string): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.planned = { loss, word, happened: resolve };
    return promise;
  }

  /** Breaks every connection off, as a router that forgot them does. */
  reset(): void {
    for (const socket of this.sockets) socket.resetAndDestroy();
  }

  async close(): Promise<void> {
    this.reset();
    this.server.close();
    await once(this.server, 'close');
  }

  private join(client: Socket, upstream: Socket): void {
    this.add(client, upstream);
    this.add(upstream, client);
    let isMute = false;
    client.on('data', (bytes) => {
      const loss = this.lossOf(bytes);
      if (loss === 'request') client.destroy();
      else upstream.write(bytes);
      isMute ||= loss === 'answer';
    });
    upstream.on('data', (bytes) => (isMute ? client.destroy() : client.write(bytes)));
  }

  private add(socket: Socket, other: Socket): void {
    this.sockets.add(socket.on('error', () => {})); // Whoever is connected hears of it as well.
    socket.on('close', () => {
      this.sockets.delete(socket);
      other.destroy();
    });
  }

  private lossOf(bytes: Buffer): Loss | undefined {
    const { planned } = this;
    if (planned === undefined || !bytes.includes(planned.word)) return undefined;
    this.planned = undefined;
    planned.happened();
    return planned.loss;
  }
}

function placeOf(address: string): { readonly host: string; readonly port: number } {
  const [host = '', port = ''] = address.split(':');
  return { host, port: Number(port) };
}
