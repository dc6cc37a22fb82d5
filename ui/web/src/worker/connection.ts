import { decodeFrameMessage } from '../../../frame-message.ts';
import type { ClientMessage, ClockAnswer, FrameHeader, ServerMessage, Watch } from '../../../protocol.ts';
import type { Link } from '../live/messages.ts';
import { ServerClock } from '../live/server-clock.ts';
import { sharedNow } from '../live/shared-time.ts';
import { backOffMs } from './back-off.ts';
import { SleepWatch } from './sleep-watch.ts';

const CLOCK_EVERY_MS = 5000;
/** The server says something twice a second; silence of this length is a connection that died unseen. */
const SILENT_MS = 5000;
const TICK_MS = 1000;
/** What was taken is told together, so often: the server allows 20 messages a second. */
const TOLD_EVERY_MS = 100;

export interface FrameMessage {
  readonly header: FrameHeader;
  readonly jpeg: Uint8Array<ArrayBuffer>;
}

/** What a connection tells. */
export interface ConnectionListener {
  link(link: Link): void;
  frame(message: FrameMessage): void;
  message(message: Exclude<ServerMessage, ClockAnswer>): void;
  /** The server said `now` to a question sent at `sentMs` and answered at `receivedMs`, by the shared clock. */
  clock(sentMs: number, receivedMs: number, now: number): void;
  clockForgotten(): void;
}

/**
 * The page's one connection to the server.
 *
 *   connecting ──open──▶ open ──closed, or silent for 5 s──▶ lost ──back-off, waking, coming online──▶ connecting
 *        └── refused, and the API asks for a token ──▶ token-needed ──signed in──▶ connecting
 */
export class Connection {
  readonly clock = new ServerClock();
  private readonly listener: ConnectionListener;
  private link: Link = 'connecting';
  private socket: WebSocket | undefined;
  private attempt = 0;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private heardMs = 0;
  private askedMs = 0;
  private watched: readonly Watch[] = [];
  private taken = 0;
  private telling: ReturnType<typeof setTimeout> | undefined;
  private visible = true;
  private readonly sleep = new SleepWatch();

  constructor(listener: ConnectionListener) {
    this.listener = listener;
  }

  start(): void {
    this.connect();
    setInterval(() => this.tick(), TICK_MS);
    addEventListener('online', () => this.connectNow());
  }

  /** What is to be seen from now on; kept over reconnects. A hidden page watches nothing. */
  watch(cameras: readonly Watch[]): void {
    this.watched = cameras;
    this.sendWatch();
  }

  /** A page that nobody sees watches nothing. */
  seen(visible: boolean): void {
    this.visible = visible;
    this.sendWatch();
  }

  connectNow(): void {
    if (this.link === 'open' || this.link === 'connecting') return;
    this.attempt = 0;
    this.connect();
  }

  private connect(): void {
    clearTimeout(this.retry);
    if (this.link !== 'lost') this.setLink('connecting');
    const socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws`);
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => this.opened();
    socket.onmessage = ({ data }) => this.hear(data);
    socket.onclose = () => void this.closed(socket);
    this.socket = socket;
    this.heardMs = sharedNow();
  }

  private opened(): void {
    this.attempt = 0;
    this.taken = 0;
    this.tellTaken();
    this.forgetClock();
    this.askClock();
    this.sendWatch();
    this.setLink('open');
  }

  private async closed(socket: WebSocket): Promise<void> {
    if (socket !== this.socket) return;
    this.socket = undefined;
    const needsToken = this.link !== 'open' && (await asksForToken());
    this.setLink(needsToken ? 'token-needed' : 'lost');
    if (!needsToken) this.retry = setTimeout(() => this.connect(), backOffMs(this.attempt, Math.random));
    this.attempt += 1;
  }

  private tick(): void {
    const now = sharedNow();
    const slept = this.sleep.look(Date.now(), now);
    if (slept) this.forgetClock();
    if (slept && this.link === 'lost') this.connectNow();
    if (this.socket === undefined) return;
    // A socket may take minutes to notice that the other side is gone: it is given up, and `closed` runs at once.
    if (now - this.heardMs > SILENT_MS) this.giveUp(this.socket);
    else if (now - this.askedMs > (this.clock.isSure ? CLOCK_EVERY_MS : 0)) this.askClock();
  }

  private giveUp(socket: WebSocket): void {
    socket.onclose = null;
    socket.close();
    void this.closed(socket);
  }

  private hear(data: string | ArrayBuffer): void {
    this.heardMs = sharedNow();
    if (typeof data === 'string') this.take(JSON.parse(data) as ServerMessage);
    else this.listener.frame(decodeFrameMessage(data));
  }

  /** A picture was taken: the server may send another. */
  took(): void {
    this.taken += 1;
    this.telling ??= setTimeout(() => this.tellTaken(), TOLD_EVERY_MS);
  }

  private tellTaken(): void {
    clearTimeout(this.telling);
    this.telling = undefined;
    this.send({ op: 'took', pictures: this.taken });
  }

  private take(message: ServerMessage): void {
    if (message.type === 'clock') this.learnClock(message);
    else this.listener.message(message);
  }

  private learnClock({ sent, now }: ClockAnswer): void {
    const receivedMs = sharedNow();
    this.clock.answered(sent, receivedMs, now);
    this.listener.clock(sent, receivedMs, now);
  }

  private forgetClock(): void {
    this.clock.forget();
    this.listener.clockForgotten();
  }

  private setLink(link: Link): void {
    this.link = link;
    this.listener.link(link);
  }

  private askClock(): void {
    this.askedMs = sharedNow();
    this.send({ op: 'clock', sent: this.askedMs });
  }

  private sendWatch(): void {
    this.send({ op: 'watch', cameras: this.visible ? this.watched : [] });
  }

  private send(message: ClientMessage): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }
}

async function asksForToken(): Promise<boolean> {
  const answer = await fetch('/api/cameras').catch(() => undefined);
  return answer?.status === 401;
}
