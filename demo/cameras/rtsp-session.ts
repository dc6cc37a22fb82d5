import type { Socket } from 'node:net';
import type { Camera } from './camera.ts';
import { RtpSender, type ViewerStats } from './rtp-sender.ts';
import type { RtpTransport } from './rtp-transport.ts';
import type { RtspRequest, RtspResponse } from './rtsp-message.ts';
import { sdpOf } from './sdp.ts';
import { tcpTransport } from './tcp-transport.ts';
import { chooseTransport, type TransportOffer } from './transport-header.ts';
import { udpTransport } from './udp-transport.ts';

/** What a session needs from its connection. */
export interface SessionContext {
  readonly camera: Camera;
  readonly socket: Socket;
  readonly sessionTimeoutMs: number;
  /** Gives the numbers that must be random: see RtpSender, and the session's name. */
  readonly random32: () => number;
  /** Called when the viewer has shown by UDP that it is there. */
  readonly onSignOfLife: () => void;
}

/** An answer, and what begins once it has been sent. */
export interface Reply {
  readonly response: RtspResponse;
  readonly afterwards?: () => void;
}

const METHODS = ['OPTIONS', 'DESCRIBE', 'SETUP', 'PLAY', 'PAUSE', 'GET_PARAMETER', 'TEARDOWN'];

/**
 * One viewer's session with a camera (RFC 2326, appendix A.2).
 *
 *   init ──SETUP──▶ ready ──PLAY──▶ playing
 *    ▲               ▲ └───PAUSE───────┘ │
 *    └───────────────┴─TEARDOWN, the end─┘
 */
export class RtspSession {
  readonly #context: SessionContext;
  readonly #id: string;
  #state: 'init' | 'ready' | 'playing' = 'init';
  #transport: RtpTransport | undefined;
  #sender: RtpSender | undefined;

  constructor(context: SessionContext) {
    this.#context = context;
    this.#id = context.random32().toString(16).padStart(8, '0');
  }

  /** True from SETUP on: a client that then falls silent has its session ended. */
  get isOpen(): boolean {
    return this.#state !== 'init';
  }

  get stats(): ViewerStats | undefined {
    return this.#state === 'playing' ? this.#sender?.stats : undefined;
  }

  async answer(request: RtspRequest): Promise<Reply> {
    if (request.headers['require'] !== undefined) return reply(551, { Unsupported: request.headers['require'] });
    switch (request.method) {
      case 'OPTIONS':
        return reply(200, { Public: METHODS.join(', ') });
      case 'DESCRIBE':
        return this.#describe(request);
      case 'SETUP':
        return this.#setup(request);
      case 'GET_PARAMETER':
        return reply(200);
      case 'PLAY':
      case 'PAUSE':
      case 'TEARDOWN':
        return this.#inSession(request, () => this.#control(request));
      default:
        return reply(405, { Allow: METHODS.join(', ') });
    }
  }

  /** Stops sending and frees what SETUP took. Also before SETUP, also twice. */
  end(): void {
    this.#sender?.stop();
    this.#transport?.close();
    this.#state = 'init';
    this.#sender = undefined;
    this.#transport = undefined;
  }

  #describe({ url }: RtspRequest): Reply {
    const { camera, socket } = this.#context;
    const headers = { 'Content-Type': 'application/sdp', 'Content-Base': `${url.replace(/\/+$/, '')}/` };
    return { response: { status: 200, headers, body: sdpOf(camera.name, camera.playback.clip, socket.localAddress ?? '127.0.0.1') } };
  }

  async #setup({ headers }: RtspRequest): Promise<Reply> {
    if (this.#state === 'playing') return reply(455);
    const offer = chooseTransport(headers['transport'] ?? '');
    if (offer === undefined) return reply(461);
    this.end();
    const { transport, header } = await this.#open(offer);
    this.#transport = transport;
    this.#sender = new RtpSender(this.#context.camera, transport, this.#context.random32);
    this.#state = 'ready';
    return reply(200, {
      ...this.#sessionHeader(),
      Transport: `${header};ssrc=${this.#sender.ssrc.toString(16).toUpperCase().padStart(8, '0')}`,
    });
  }

  async #open(offer: TransportOffer): Promise<{ transport: RtpTransport; header: string }> {
    const { socket, onSignOfLife: onReport } = this.#context;
    if (offer.kind === 'tcp') {
      return { transport: tcpTransport(socket, offer.channels), header: `RTP/AVP/TCP;unicast;interleaved=${offer.channels.join('-')}` };
    }
    const { localAddress: localHost = '', remoteAddress: remoteHost = '' } = socket;
    const transport = await udpTransport({ localHost, remoteHost, clientPorts: offer.clientPorts, onReport });
    return {
      transport,
      header: `RTP/AVP;unicast;client_port=${offer.clientPorts.join('-')};server_port=${transport.serverPorts.join('-')}`,
    };
  }

  #inSession({ headers }: RtspRequest, action: () => Reply): Reply {
    const named = headers['session']?.split(';')[0]?.trim();
    return this.isOpen && named === this.#id ? action() : reply(454);
  }

  #control(request: RtspRequest): Reply {
    switch (request.method) {
      case 'PLAY':
        return this.#play(request);
      case 'PAUSE':
        this.#sender?.stop();
        this.#state = 'ready';
        return reply(200, this.#sessionHeader());
      default:
        return { response: { status: 200 }, afterwards: () => this.end() };
    }
  }

  /** A second PLAY changes nothing: the stream is live, there is nothing to seek. */
  #play({ url }: RtspRequest): Reply {
    const headers = { ...this.#sessionHeader(), Range: 'npt=now-' };
    const sender = this.#sender;
    if (this.#state === 'playing' || sender === undefined) return reply(200, headers);
    this.#state = 'playing';
    const first = sender.prepare();
    const track = `${url.replace(/\/+$/, '').replace(/\/track1$/, '')}/track1`;
    const info = first && `url=${track};seq=${first.sequence};rtptime=${first.timestamp}`;
    return { response: { status: 200, headers: { ...headers, 'RTP-Info': info } }, afterwards: () => sender.begin() };
  }

  #sessionHeader(): { Session: string } {
    return { Session: `${this.#id};timeout=${Math.max(1, Math.round(this.#context.sessionTimeoutMs / 1000))}` };
  }
}

function reply(status: number, headers: RtspResponse['headers'] = {}): Reply {
  return { response: { status, headers } };
}
