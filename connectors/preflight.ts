import { connect as connectTcp, isIPv6, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Clock } from '../engine/clock.ts';
import type { Reason } from './cause.ts';
import { authorization, type Credentials } from './rtsp-authorization.ts';
import { type RtspAnswer, readRtspAnswer, rtspRequest } from './rtsp-message.ts';

/** How long a camera may take to answer DESCRIBE, both tries together. */
export const PREFLIGHT_LIMIT_MS = 10_000;

/** What a camera says of its stream before it is played. */
export interface Description {
  /** As in the SDP: `H264`, `H265`, `JPEG` … */
  readonly codec: string;
  readonly fps?: number;
  /** The parameter sets came along, so that a decoder needs no further look. */
  readonly parameterSets: boolean;
}

export type Preflight = { readonly ok: true; readonly description: Description } | { readonly ok: false; readonly reason: Reason };

/**
 * Asks a camera to describe its stream, before ffmpeg is started: what is wrong is known exactly (ffmpeg tells it vaguely), and a redirect
 * is refused instead of followed, so that credentials never go to another host.
 */
export async function preflight(url: string, clock: Clock, signal: AbortSignal): Promise<Preflight> {
  const { target, credentials, address } = takeApart(url);
  const socket = open(target);
  try {
    const session = new RtspExchange(socket, clock, signal);
    const first = await session.ask('DESCRIBE', address);
    if (first.status !== 401 || credentials === undefined) return judge(first, credentials !== undefined);
    const answer = authorization(first.headers.get('www-authenticate') ?? [], credentials, 'DESCRIBE', address);
    if (answer === undefined) return failed('authentication', 'the camera asks for a kind of password that is not supported');
    return judge(await session.ask('DESCRIBE', address, answer), true);
  } catch (error) {
    return { ok: false, reason: reasonOf(error, target) };
  } finally {
    socket.destroy();
  }
}

interface Target {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
}

function takeApart(url: string): { target: Target; credentials: Credentials | undefined; address: string } {
  const parsed = new URL(url);
  const tls = parsed.protocol === 'rtsps:';
  const host = parsed.hostname.replace(/^\[(.*)\]$/, '$1');
  const credentials = parsed.username === '' ? undefined : { user: decoded(parsed.username), password: decoded(parsed.password) };
  parsed.username = '';
  parsed.password = '';
  return { target: { host, port: Number(parsed.port || (tls ? 322 : 554)), tls }, credentials, address: parsed.href };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // A stray % stands for itself.
  }
}

/** As ffmpeg does, certificates are not checked: cameras sign their own. */
function open({ host, port, tls }: Target): Socket {
  const options = { host, port };
  return tls ? connectTls({ ...options, rejectUnauthorized: false, ...(isIPv6(host) ? {} : { servername: host }) }) : connectTcp(options);
}

/** Requests and answers, one after the other, on one connection. */
class RtspExchange {
  private readonly socket: Socket;
  private readonly failure: Promise<never>;
  private bytes = Buffer.alloc(0);
  private number = 0;
  private wake: () => void = () => undefined;

  constructor(socket: Socket, clock: Clock, signal: AbortSignal) {
    this.socket = socket;
    this.failure = new Promise((_, reject) => {
      socket.once('error', reject);
      socket.once('close', () => reject(new Error('the camera closed the connection')));
      socket.once(
        'close',
        clock.after(PREFLIGHT_LIMIT_MS, () => reject(new Error('timed out'))),
      );
      signal.addEventListener('abort', () => reject(new Error('given up')), { once: true });
    });
    this.failure.catch(() => undefined); // Told by the next `ask`, or nobody asks any more.
    socket.on('data', (chunk: Buffer) => {
      this.bytes = Buffer.concat([this.bytes, chunk]);
      this.wake();
    });
  }

  async ask(method: string, address: string, authorizationHeader?: string): Promise<RtspAnswer> {
    this.number += 1;
    const given = authorizationHeader === undefined ? {} : { Authorization: authorizationHeader };
    const headers = { CSeq: String(this.number), 'User-Agent': 'Ocelli', Accept: 'application/sdp', ...given };
    this.bytes = Buffer.alloc(0);
    this.socket.write(rtspRequest(method, address, headers));
    for (;;) {
      const answer = readRtspAnswer(this.bytes);
      if (answer !== undefined) return answer;
      const { promise, resolve } = Promise.withResolvers<void>();
      this.wake = resolve;
      await Promise.race([this.failure, promise]);
    }
  }
}

function judge({ status, reason, headers, body }: RtspAnswer, withPassword: boolean): Preflight {
  const said = `the camera answers ${status} ${reason}`.trim();
  if (status === 200) return describe(body);
  if (status >= 300 && status < 400)
    return failed('redirect', `${said}, to ${hostOf(headers.get('location')?.[0])}; redirects are refused`);
  if (status === 401) return failed('authentication', withPassword ? `${said}: wrong user or password` : `${said}: it wants a password`);
  if (status === 403) return failed('authentication', said);
  if (status === 404 || status === 410) return failed('not-found', `${said}: no such stream at this path`);
  if (status === 453 || status === 503) return failed('refused', `${said}: it has no room for another viewer`);
  return failed(status >= 500 ? 'refused' : 'codec', said);
}

/** Where a redirect leads, without what else stands in the address. */
function hostOf(location: string | undefined): string {
  return location !== undefined && URL.canParse(location) ? new URL(location).host : 'nowhere';
}

/** RFC 8866, as far as a video stream is concerned. */
function describe(sdp: string): Preflight {
  const video = /^m=video [^\n]*$([\s\S]*?)(?=^m=|$(?![\s\S]))/m.exec(sdp)?.[0];
  if (video === undefined) return failed('codec', 'the camera describes a stream without video');
  const codec = /^a=rtpmap:\d+ ([^/\s]+)/m.exec(video)?.[1]?.toUpperCase() ?? (/^m=video \d+ \S+ 26\b/.test(video) ? 'JPEG' : 'unknown');
  const fps = Number(/^a=framerate: ?([\d.]+)/m.exec(video)?.[1] ?? Number.NaN);
  const parameterSets = codec === 'JPEG' || /sprop-(parameter-sets|sps)=/i.test(video);
  return { ok: true, description: { codec, parameterSets, ...(fps > 0 ? { fps } : {}) } };
}

function failed(cause: Reason['cause'], detail: string): Preflight {
  return { ok: false, reason: { cause, detail } };
}

const UNREACHABLE: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refuses connections',
  ECONNRESET: 'closed the connection',
  EHOSTUNREACH: 'cannot be reached',
  ENETUNREACH: 'cannot be reached',
  EHOSTDOWN: 'is down',
  ENOTFOUND: 'is a name that nobody knows',
  EAI_AGAIN: 'cannot be looked up right now',
};

function reasonOf(error: unknown, { host, port }: Target): Reason {
  const { code = '', message = String(error) } = error as NodeJS.ErrnoException;
  const where = `${isIPv6(host) ? `[${host}]` : host}:${port}`;
  if (UNREACHABLE[code] !== undefined) return { cause: 'refused', detail: `${where} ${UNREACHABLE[code]}` };
  if (code === 'ETIMEDOUT' || message === 'timed out') return { cause: 'timeout', detail: `${where} does not answer` };
  if (code.startsWith('ERR_SSL') || code === 'EPROTO') return { cause: 'codec', detail: `${where} does not speak TLS` };
  return { cause: code === 'EMFILE' ? 'local' : 'refused', detail: `${where}: ${message}` };
}
