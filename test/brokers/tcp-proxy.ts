import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** Stands between clients and a server, and breaks their connections when told to. */
export class TcpProxy {
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private swallow = false;

  static async listen(address: string, target: string): Promise<TcpProxy> {
    const proxy = new TcpProxy(target);
    const [host = '', port = ''] = address.split(':');
    proxy.server.listen(Number(port), host);
    await once(proxy.server, 'listening');
    return proxy;
  }

  private constructor(target: string) {
    const [host = '', port = ''] = target.split(':');
    this.server = createServer((client) => {
      const upstream = connect(Number(port), host);
      for (const socket of [client, upstream]) this.sockets.add(socket.on('error', () => {}));
      client.pipe(upstream);
      upstream.on('data', (bytes: Buffer) => {
        if (!this.swallow) client.write(bytes);
        else this.reset();
      });
      client.on('close', () => upstream.destroy());
      upstream.on('close', () => client.destroy());
    });
  }

  /** Breaks every connection off, as a router that forgot them does. */
  reset(): void {
    this.swallow = false;
    for (const socket of this.sockets) socket.resetAndDestroy();
    this.sockets.clear();
  }

  /** The next answer is lost with its connection: what was asked for is done, and nobody hears of it. */
  loseNextAnswer(): void {
    this.swallow = true;
  }

  async close(): Promise<void> {
    this.reset();
    this.server.close();
    await once(this.server, 'close');
  }
}
