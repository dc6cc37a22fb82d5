import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { onTestFinished } from 'vitest';

export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

export const SDP = [
  'v=0',
  'a=control:*',
  'm=audio 0 RTP/AVP 0',
  'a=control:audio',
  'm=video 0 RTP/AVP 96',
  'a=rtpmap:96 H264/90000',
  'a=framerate:12.5',
  'a=control:video',
  '',
].join('\r\n');

interface Certificate {
  readonly key: Buffer;
  readonly cert: Buffer;
}

/** `undefined`: hangs up. Empty: says nothing. */
type Answer = (asked: Asked, number: number, camera: ScriptedCamera) => string | undefined;

/** A camera that answers as a test tells it, on one port, and keeps what it was asked. */
export class ScriptedCamera {
  readonly asked: Asked[] = [];
  readonly sockets: Socket[] = [];
  /** What came between the requests, each with its channel. */
  readonly interleaved: { readonly channel: number; readonly bytes: Buffer }[] = [];
  private readonly server: Server;
  private readonly answer: Answer;
  private waits: (() => void)[] = [];

  private constructor(answer: Answer, tls: Certificate | undefined) {
    this.answer = answer;
    const serve = (socket: Socket) => this.serve(socket);
    this.server = tls === undefined ? createServer(serve) : createTlsServer(tls, serve);
  }

  /** Closed with the test. @param tls speaks TLS, with this certificate. */
  static async open(answer: Answer = usual, tls?: Certificate): Promise<ScriptedCamera> {
    const camera = new ScriptedCamera(answer, tls);
    camera.server.listen(0, '127.0.0.1');
    await once(camera.server, 'listening');
    onTestFinished(() => camera.close());
    return camera;
  }

  get port(): number {
    return (this.server.address() as { port: number }).port;
  }

  url(path = '/live', user = ''): string {
    return `rtsp://${user}127.0.0.1:${this.port}${path}`;
  }

  private close(): void {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }

  send(bytes: Buffer | string): void {
    this.sockets.at(-1)?.write(bytes);
  }

  /** An RTP packet, or what is to be taken for one, on the first channel. */
  sendData(channel: number, bytes: Buffer): void {
    this.send(Buffer.concat([Buffer.from([0x24, channel, bytes.length >> 8, bytes.length & 0xff]), bytes]));
  }

  /** Resolves when the condition holds; looked at after everything that comes. */
  async until(condition: (camera: ScriptedCamera) => boolean): Promise<void> {
    while (!condition(this)) await new Promise<void>((resolve) => this.waits.push(resolve));
  }

  methods(): string[] {
    return this.asked.map(({ method }) => method);
  }

  private serve(socket: Socket): void {
    this.sockets.push(socket);
    let rest = Buffer.alloc(0);
    socket.on('error', () => undefined);
    socket.on('close', () => this.look());
    socket.on('data', (chunk) => {
      rest = Buffer.concat([rest, chunk]);
      for (let used = this.take(rest, socket); used > 0; used = this.take(rest, socket)) rest = rest.subarray(used);
      this.look();
    });
  }

  private take(bytes: Buffer, socket: Socket): number {
    if (bytes[0] === 0x24) return this.takeData(bytes);
    const end = bytes.indexOf('\r\n\r\n');
    if (end === -1) return 0;
    const [first = '', ...lines] = bytes.toString('utf8', 0, end).split('\r\n');
    const [method = '', url = ''] = first.split(' ');
    const headers = Object.fromEntries(lines.map((line) => [line.split(':')[0]?.toLowerCase(), line.slice(line.indexOf(':') + 2)]));
    this.asked.push({ method, url, headers });
    const text = this.answer({ method, url, headers }, this.asked.length, this);
    if (text === undefined) socket.destroy();
    else socket.write(text);
    return end + 4;
  }

  private takeData(bytes: Buffer): number {
    if (bytes.length < 4 || bytes.length < 4 + bytes.readUInt16BE(2)) return 0;
    const used = 4 + bytes.readUInt16BE(2);
    this.interleaved.push({ channel: bytes[1] as number, bytes: bytes.subarray(4, used) });
    return used;
  }

  private look(): void {
    for (const wake of this.waits.splice(0)) wake();
  }
}

export function answer(status: string, asked: Asked, headers = '', body = ''): string {
  return `RTSP/1.0 ${status}\r\nCSeq: ${asked.headers['cseq']}\r\n${headers}Content-Length: ${body.length}\r\n\r\n${body}`;
}

/** What a camera says that has nothing against it. */
export function usual(asked: Asked): string {
  if (asked.method === 'DESCRIBE') return answer('200 OK', asked, '', SDP);
  if (asked.method === 'SETUP') {
    const transport = asked.headers['transport'] ?? '';
    const server = transport.includes('TCP') ? '' : ';server_port=9-10';
    return answer('200 OK', asked, `Session: 4711;timeout=20\r\nTransport: ${transport}${server}\r\n`);
  }
  return answer('200 OK', asked);
}
