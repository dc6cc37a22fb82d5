import { connect, type Socket } from 'node:net';

/** An answer as it came. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An RTP packet, taken apart by RFC 3550. */
export interface RtpPacket {
  readonly marker: boolean;
  readonly type: number;
  readonly sequence: number;
  readonly timestamp: number;
  readonly ssrc: number;
  readonly payload: Buffer;
}

/** A client that shows everything, byte by byte: packets on channel 0, reports on channel 1. */
export class RtspClient {
  readonly socket: Socket;
  readonly rtp: RtpPacket[] = [];
  readonly rtcp: Buffer[] = [];
  readonly #url: string;
  readonly #answers: Answer[] = [];
  readonly #waiting: ((answer: Answer | undefined) => void)[] = [];
  #bytes: Buffer = Buffer.alloc(0);
  #cseq = 0;
  #session: string | undefined;

  constructor(url: string) {
    const { hostname, port } = new URL(url);
    this.#url = url;
    this.socket = connect(Number(port), hostname);
    this.socket.on('data', (chunk) => this.#take(chunk));
    this.socket.on('error', () => {});
    this.socket.on('close', () => {
      for (const resolve of this.#waiting.splice(0)) resolve(undefined);
    });
  }

  /** Resolves when the connection is gone. */
  get closed(): Promise<void> {
    return this.socket.closed ? Promise.resolve() : new Promise((resolve) => this.socket.once('close', () => resolve()));
  }

  /** The answer, or undefined if the connection ended instead. */
  request(method: string, headers: Readonly<Record<string, string>> = {}, path = ''): Promise<Answer | undefined> {
    const all = { CSeq: `${++this.#cseq}`, ...(this.#session === undefined ? {} : { Session: this.#session }), ...headers };
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
    return this.send(`${method} ${this.#url}${path} RTSP/1.0\r\n${lines.join('')}\r\n`);
  }

  send(text: string): Promise<Answer | undefined> {
    this.socket.write(text);
    return new Promise((resolve) => {
      const answer = this.#answers.shift();
      if (answer !== undefined) resolve(answer);
      else this.#waiting.push(resolve);
    });
  }

  /** SETUP over this connection and PLAY; answers with that to PLAY. */
  async play(): Promise<Answer | undefined> {
    const setup = await this.request('SETUP', { Transport: 'RTP/AVP/TCP;unicast;interleaved=0-1' }, '/track1');
    this.#session = setup?.headers['session']?.split(';')[0];
    return this.request('PLAY', { Range: 'npt=now-' });
  }

  /** Everything that the server sent before now has arrived when this resolves: its answer comes after it. */
  async settled(): Promise<void> {
    await this.request('GET_PARAMETER');
  }

  close(): void {
    this.socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    while (this.#takeOne()) {}
  }

  #takeOne(): boolean {
    return this.#bytes[0] === 0x24 ? this.#takePacket() : this.#takeAnswer();
  }

  #takePacket(): boolean {
    if (this.#bytes.length < 4) return false;
    const end = 4 + this.#bytes.readUInt16BE(2);
    if (this.#bytes.length < end) return false;
    const packet = this.#bytes.subarray(4, end);
    if (this.#bytes[1] === 0) this.rtp.push(rtpPacketOf(packet));
    else this.rtcp.push(packet);
    this.#bytes = this.#bytes.subarray(end);
    return true;
  }

  #takeAnswer(): boolean {
    const endOfHead = this.#bytes.indexOf('\r\n\r\n');
    if (endOfHead < 0) return false;
    const [line, ...headerLines] = this.#bytes.toString('utf8', 0, endOfHead).split('\r\n');
    const headers = Object.fromEntries(headerLines.map((header) => [header.split(':')[0].toLowerCase(), header.replace(/^[^:]*: /, '')]));
    const end = endOfHead + 4 + Number(headers['content-length'] ?? 0);
    if (this.#bytes.length < end) return false;
    this.#deliver({ status: Number(line.split(' ')[1]), headers, body: this.#bytes.toString('utf8', endOfHead + 4, end) });
    this.#bytes = this.#bytes.subarray(end);
    return true;
  }

  #deliver(answer: Answer): void {
    const resolve = this.#waiting.shift();
    if (resolve === undefined) this.#answers.push(answer);
    else resolve(answer);
  }
}

export function rtpPacketOf(packet: Buffer): RtpPacket {
  return {
    marker: (packet[1] & 0x80) !== 0,
    type: packet[1] & 0x7f,
    sequence: packet.readUInt16BE(2),
    timestamp: packet.readUInt32BE(4),
    ssrc: packet.readUInt32BE(8),
    payload: packet.subarray(12),
  };
}
