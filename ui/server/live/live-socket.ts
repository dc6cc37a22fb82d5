import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { CLOSE, type ClientMessage, type ServerMessage, type Watch } from '../../protocol.ts';
import { type AccessRules, judge, type Refusal } from '../access.ts';
import { type Complaint, readClientMessage } from './client-message.ts';
import type { LiveView } from './live-view.ts';
import { MessageRate } from './message-rate.ts';
import { Viewer } from './viewer.ts';

const PATH = '/ws';
const MESSAGE_LIMIT_BYTES = 64 * 1024;
/** A message in more pieces than this is no browser's: one-byte pieces cost us far more than their sender. */
const MOST_FRAGMENTS = 64;
const MOST_VIEWERS = 100;
const TELL_EVERY_MS = 500;
const CHECK_EVERY_MS = 1000;
const PING_EVERY_MS = 30_000;

interface Connection {
  readonly socket: WebSocket;
  readonly viewer: Viewer;
  answered: boolean;
}

/**
 * The WebSocket of the live view. Judges an upgrade by the same rules as a request, and what a browser says by `protocol.ts`; one that
 * breaks them is told why in the close frame. Nothing is done in time while nobody is connected.
 */
export class LiveSocket {
  private readonly live: LiveView;
  private readonly access: AccessRules;
  private readonly server = new WebSocketServer({
    noServer: true,
    maxPayload: MESSAGE_LIMIT_BYTES,
    maxFragments: MOST_FRAGMENTS,
    perMessageDeflate: false,
  });
  private readonly connections = new Set<Connection>();
  private readonly ends: readonly (() => void)[];
  private cancelTimers: (() => void)[] = [];

  constructor(http: Server, live: LiveView, access: AccessRules) {
    this.live = live;
    this.access = access;
    http.on('upgrade', (request, socket, head) => this.upgrade(request, socket, head));
    this.ends = [
      live.onAlert((alert) => this.tellOnce(`alert ${alert.alert}`, { type: 'alert', alert })),
      live.onPicture((picture) => this.tellOnce(`picture ${picture.id}`, { type: 'picture', picture })),
    ];
  }

  /** Viewers connected now. */
  get size(): number {
    return this.connections.size;
  }

  /** Tells everybody to come back later, and hangs up. */
  close(): void {
    for (const end of this.ends) end();
    this.stopTimers();
    for (const { viewer, socket } of this.connections) {
      viewer.close(CLOSE.goingAway, 'Ocelli is being stopped.');
      socket.terminate();
    }
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const refusal = this.refusal(request);
    if (refusal !== undefined) refuse(socket, refusal.status, refusal.sentence);
    else this.server.handleUpgrade(request, socket, head, (client) => this.welcome(client, socket));
  }

  private refusal({ url, headers }: IncomingMessage): Refusal | { status: 404 | 503; sentence: string } | undefined {
    const { host, origin, authorization, cookie } = headers;
    const refusal = judge({ host, origin, authorization, cookie }, this.access);
    if (refusal !== undefined) return refusal;
    if (url?.split('?')[0] !== PATH) return { status: 404, sentence: `There is no WebSocket at this path; it is ${PATH}.` };
    if (this.connections.size < MOST_VIEWERS) return undefined;
    return { status: 503, sentence: `${MOST_VIEWERS} viewers are connected already. Close one and try again.` };
  }

  private welcome(socket: WebSocket, wire: Duplex): void {
    const viewer = new Viewer(socket, wire, this.live.clock);
    const connection = { socket, viewer, answered: true };
    this.connections.add(connection);
    this.live.hub.viewers.add(viewer);
    const rate = new MessageRate(this.live.clock);
    socket.on('message', (data, isBinary) => this.hear(viewer, data, isBinary, rate));
    socket.on('pong', () => Object.assign(connection, { answered: true }));
    socket.on('close', () => this.forget(connection));
    // What `ws` refuses itself (too large, no UTF-8, too many pieces) it closes with the code for it; there is nothing more to do.
    socket.on('error', () => {});
    this.greet(viewer);
    if (this.connections.size === 1) this.startTimers();
  }

  private greet(viewer: Viewer): void {
    const { timezone, model } = this.live.site;
    viewer.text(write({ type: 'site', timezone, model }));
    viewer.text(write({ type: 'cameras', cameras: this.live.cameras() }));
  }

  private hear(viewer: Viewer, data: RawData, isBinary: boolean, rate: MessageRate): void {
    const message = this.understand(data, isBinary, rate);
    if ('code' in message) viewer.close(message.code, message.sentence);
    else if (message.op === 'watch') this.watch(viewer, message.cameras);
    else if (message.op === 'took') viewer.took(message.pictures);
    else viewer.text(write({ type: 'clock', sent: message.sent, now: this.live.clock.now() }));
  }

  private watch(viewer: Viewer, cameras: readonly Watch[]): void {
    viewer.watch(cameras);
    this.live.watchingChanged();
  }

  private understand(data: RawData, isBinary: boolean, rate: MessageRate): ClientMessage | Complaint {
    if (!rate.allows()) return { code: CLOSE.tooManyMessages, sentence: 'Too many messages: at most 20 a second.' };
    if (isBinary) return { code: CLOSE.binary, sentence: 'Binary messages are not understood; send JSON as text.' };
    return readClientMessage(String(data), () => this.live.ids());
  }

  private forget(connection: Connection): void {
    this.connections.delete(connection);
    this.live.hub.viewers.delete(connection.viewer);
    this.live.watchingChanged();
    if (this.connections.size === 0) this.stopTimers();
  }

  private tellAll(message: ServerMessage): void {
    const text = write(message);
    for (const { viewer } of this.connections) viewer.text(text);
  }

  private tellOnce(about: string, message: ServerMessage): void {
    const text = write(message);
    for (const { viewer } of this.connections) viewer.keep(about, text);
  }

  private startTimers(): void {
    this.every(TELL_EVERY_MS, () => this.tellAll({ type: 'cameras', cameras: this.live.cameras() }));
    this.every(CHECK_EVERY_MS, () => this.check());
    this.every(PING_EVERY_MS, () => this.ping());
  }

  private stopTimers(): void {
    for (const cancel of this.cancelTimers) cancel();
    this.cancelTimers = [];
  }

  private every(periodMs: number, action: () => void): void {
    let cancel = () => {};
    const again = () => {
      cancel = this.live.clock.after(periodMs, () => {
        again();
        action();
      });
    };
    again();
    this.cancelTimers.push(() => cancel());
  }

  private check(): void {
    for (const { viewer } of this.connections) viewer.check();
  }

  /** A connection that did not answer the last ping is dead. */
  private ping(): void {
    for (const connection of this.connections) {
      if (!connection.answered) connection.socket.terminate();
      connection.answered = false;
      connection.socket.ping();
    }
  }
}

function write(message: ServerMessage): string {
  return JSON.stringify(message);
}

const REASONS = {
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  421: 'Misdirected Request',
  503: 'Service Unavailable',
} as const;

/** Before the upgrade it is HTTP, and so is the refusal. */
function refuse(socket: Duplex, status: keyof typeof REASONS, sentence: string): void {
  const body = JSON.stringify({ error: sentence });
  socket.on('error', () => {});
  socket.end(
    `HTTP/1.1 ${status} ${REASONS[status]}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}
