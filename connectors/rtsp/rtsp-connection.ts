import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Clock } from '../../engine/clock.ts';
import { refusalOf } from './refusal.ts';
import type { RtspAddress } from './rtsp-address.ts';
import { RtspAuthorization } from './rtsp-authorization.ts';
import { formatRefusal, formatRequest, type RtspAnswer, type RtspRequest } from './rtsp-message.ts';
import { RtspProblem } from './rtsp-problem.ts';
import { RtspReader } from './rtsp-reader.ts';

/** How long a camera may take to answer a request. */
export const ANSWER_LIMIT_MS = 10_000;

export interface ConnectionEvents {
  /** Interleaved data; `readMs`: when it was read, by the monotonic clock. */
  data(channel: number, bytes: Buffer, readMs: number): void;
  /** Once: it has ended, for this reason; nothing follows. Not after `destroy`. */
  lost(error: unknown): void;
}

interface Asked {
  readonly number: number;
  readonly answer: (answer: RtspAnswer) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * One connection to a camera, TCP or TLS: requests, one at a time, each with the proof of the password, and data in between. It is the only
 * connection of an opening: wherever an answer points, nobody connects there.
 */
export class RtspConnection {
  private readonly socket: Socket;
  private readonly clock: Clock;
  private readonly events: ConnectionEvents;
  private readonly authorization: RtspAuthorization | undefined;
  private readonly reader: RtspReader;
  private number = 0;
  private asked: Asked | undefined;
  private ended: { readonly error: unknown } | undefined;
  private readMs = 0;

  constructor(address: RtspAddress, clock: Clock, events: ConnectionEvents) {
    this.clock = clock;
    this.events = events;
    this.authorization = address.credentials && new RtspAuthorization(address.credentials);
    this.reader = new RtspReader({
      message: (message) => this.message(message),
      data: (channel, bytes) => events.data(channel, bytes, this.readMs),
    });
    this.socket = open(address);
    this.socket.setNoDelay(true);
    this.socket.on('data', (chunk: Buffer) => this.read(chunk));
    this.socket.on('error', (error) => this.end(error));
    this.socket.once('close', () => this.end(new RtspProblem('ended', 'the camera closed the connection')));
  }

  /** The address of the camera and our own, once connected. */
  get ends(): { readonly local: string; readonly remote: string } {
    return { local: this.socket.localAddress ?? '', remote: this.socket.remoteAddress ?? '' };
  }

  /**
   * Asks and waits for the answer, proving the password where it is asked for.
   *
   * @throws RtspProblem when the answer is another than 200; what `reasonOf` understands when there is none.
   */
  async request(method: string, url: string, headers: Readonly<Record<string, string | undefined>> = {}): Promise<RtspAnswer> {
    const answer = await this.ask(method, url, headers);
    if (answer.status === 200) return answer;
    throw refusalOf(method, answer, this.authorization !== undefined);
  }

  /** The answer, whatever it is. */
  async ask(method: string, url: string, headers: Readonly<Record<string, string | undefined>> = {}): Promise<RtspAnswer> {
    const first = await this.askOnce(method, url, headers);
    if (first.status !== 401 || this.authorization === undefined) return first;
    if (!this.authorization.take(first.headers.get('www-authenticate') ?? [])) {
      throw new RtspProblem('authentication', 'the camera asks for a kind of password that is not supported');
    }
    return this.askOnce(method, url, headers);
  }

  /** Interleaved data to the camera. */
  send(channel: number, bytes: Uint8Array): void {
    const head = Buffer.from([0x24, channel, bytes.length >> 8, bytes.length & 0xff]);
    this.socket.write(Buffer.concat([head, bytes]));
  }

  /** Ends it at once, without a further event. */
  destroy(): void {
    this.ended ??= { error: new RtspProblem('ended', 'given up') };
    this.socket.destroy();
    this.asked?.fail(this.ended.error);
  }

  private askOnce(method: string, url: string, headers: Readonly<Record<string, string | undefined>>): Promise<RtspAnswer> {
    if (this.ended !== undefined) return Promise.reject(this.ended.error);
    this.number += 1;
    const proof = this.authorization?.header(method, url);
    const all = { CSeq: String(this.number), 'User-Agent': 'Ocelli', ...headers, Authorization: proof };
    this.asked?.fail(new RtspProblem('ended', 'given up for another question'));
    const answer = this.awaitAnswer(this.number);
    this.socket.write(formatRequest(method, url, all));
    return answer;
  }

  private awaitAnswer(number: number): Promise<RtspAnswer> {
    const { promise, resolve, reject } = Promise.withResolvers<RtspAnswer>();
    const late = Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' });
    const cancel = this.clock.after(ANSWER_LIMIT_MS, () => this.asked?.fail(late));
    const over = () => {
      cancel();
      this.asked = undefined;
    };
    const answer = (came: RtspAnswer) => {
      over();
      resolve(came);
    };
    const fail = (error: unknown) => {
      over();
      reject(error);
    };
    this.asked = { number, answer, fail };
    return promise;
  }

  private read(chunk: Buffer): void {
    if (this.ended !== undefined) return;
    this.readMs = this.clock.monotonic();
    try {
      this.reader.push(chunk);
    } catch (error) {
      this.end(error);
    }
  }

  private message(message: RtspAnswer | RtspRequest): void {
    if (message.kind === 'request') this.asksUs(message);
    else if (this.isAwaited(message)) this.asked?.answer(message);
  }

  /** Some cameras leave CSeq out. An answer that comes too late is nobody's. */
  private isAwaited({ headers }: RtspAnswer): boolean {
    const number = headers.get('cseq')?.[0];
    return number === undefined || Number(number) === this.asked?.number;
  }

  private asksUs(request: RtspRequest): void {
    if (request.method === 'REDIRECT') {
      this.end(new RtspProblem('redirect', 'the camera asks to look elsewhere; redirects are refused'));
    } else {
      this.socket.write(formatRefusal(request));
    }
  }

  private end(error: unknown): void {
    if (this.ended !== undefined) return;
    this.ended = { error };
    this.socket.destroy();
    this.asked?.fail(error);
    this.events.lost(error);
  }
}

/** Certificates are not checked: cameras sign their own. */
function open({ host, port, tls }: RtspAddress): Socket {
  const options = { host, port };
  return tls
    ? connectTls({ ...options, rejectUnauthorized: false, ...(isIP(host) === 0 ? { servername: host } : {}) })
    : connectTcp(options);
}
