import { decodeFrameMessage } from '../../../frame-message.ts';
import type {
  AlertMessage,
  CameraFacts,
  ClientMessage,
  FrameHeader,
  PictureMessage,
  ServerMessage,
  SiteMessage,
  Watch,
} from '../../../protocol.ts';
import { backOffMs } from './back-off.ts';
import { ServerClock } from './server-clock.ts';
import { SleepWatch } from './sleep-watch.ts';
import { Store } from './store.ts';

const CLOCK_EVERY_MS = 5000;
/** The server says something twice a second; silence of this length is a connection that died unseen. */
const SILENT_MS = 5000;
const TICK_MS = 1000;
/** What was taken is told together, so often: the server allows 20 messages a second. */
const TOLD_EVERY_MS = 100;

export type Link = 'connecting' | 'open' | 'lost' | 'token-needed';

export interface FrameMessage {
  readonly header: FrameHeader;
  readonly jpeg: Uint8Array<ArrayBuffer>;
}

/**
 * The page's one connection to the server.
 *
 *   connecting ──open──▶ open ──closed, or silent for 5 s──▶ lost ──back-off, waking, coming online──▶ connecting
 *        └── refused, and the API asks for a token ──▶ token-needed ──signed in──▶ connecting
 */
export class Connection {
  readonly link = new Store<Link>('connecting');
  readonly site = new Store<SiteMessage | undefined>(undefined);
  readonly cameras = new Store<readonly CameraFacts[] | undefined>(undefined);
  readonly clock = new ServerClock();
  onFrame: (message: FrameMessage) => void = () => {};
  onAlert: (message: AlertMessage) => void = () => {};
  onPicture: (message: PictureMessage) => void = () => {};
  private socket: WebSocket | undefined;
  private attempt = 0;
  private retry = 0;
  private heardMs = 0;
  private askedMs = 0;
  private watched: readonly Watch[] = [];
  private taken = 0;
  private telling = 0;
  private readonly sleep = new SleepWatch();

  start(): void {
    this.connect();
    setInterval(() => this.tick(), TICK_MS);
    addEventListener('online', () => this.connectNow());
    document.addEventListener('visibilitychange', () => this.sendWatch());
  }

  /** What is to be seen from now on; kept over reconnects. A hidden page watches nothing. */
  watch(cameras: readonly Watch[]): void {
    this.watched = cameras;
    this.sendWatch();
  }

  connectNow(): void {
    if (this.link.value === 'open' || this.link.value === 'connecting') return;
    this.attempt = 0;
    this.connect();
  }

  private connect(): void {
    clearTimeout(this.retry);
    if (this.link.value !== 'lost') this.link.set('connecting');
    const socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws`);
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => this.opened();
    socket.onmessage = ({ data }) => this.hear(data);
    socket.onclose = () => void this.closed(socket);
    this.socket = socket;
    this.heardMs = performance.now();
  }

  private opened(): void {
    this.attempt = 0;
    this.taken = 0;
    this.tellTaken();
    this.clock.forget();
    this.askClock();
    this.sendWatch();
    this.link.set('open');
  }

  private async closed(socket: WebSocket): Promise<void> {
    if (socket !== this.socket) return;
    this.socket = undefined;
    const needsToken = this.link.value !== 'open' && (await asksForToken());
    this.link.set(needsToken ? 'token-needed' : 'lost');
    if (!needsToken) this.retry = window.setTimeout(() => this.connect(), backOffMs(this.attempt, Math.random));
    this.attempt += 1;
  }

  private tick(): void {
    const now = performance.now();
    const slept = this.sleep.look(Date.now(), now);
    if (slept) this.clock.forget();
    if (slept && this.link.value === 'lost') this.connectNow();
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
    this.heardMs = performance.now();
    if (typeof data === 'string') this.take(JSON.parse(data) as ServerMessage);
    else this.onFrame(decodeFrameMessage(data));
  }

  /** A picture was taken: the server may send another. */
  took(): void {
    this.taken += 1;
    if (this.telling === 0) this.telling = window.setTimeout(() => this.tellTaken(), TOLD_EVERY_MS);
  }

  private tellTaken(): void {
    clearTimeout(this.telling);
    this.telling = 0;
    this.send({ op: 'took', pictures: this.taken });
  }

  private take(message: ServerMessage): void {
    if (message.type === 'cameras') this.cameras.set(message.cameras);
    else if (message.type === 'site') this.site.set(message);
    else if (message.type === 'alert') this.onAlert(message);
    else if (message.type === 'picture') this.onPicture(message);
    else this.clock.answered(message.sent, performance.now(), message.now);
  }

  private askClock(): void {
    this.askedMs = performance.now();
    this.send({ op: 'clock', sent: this.askedMs });
  }

  private sendWatch(): void {
    this.send({ op: 'watch', cameras: document.hidden ? [] : this.watched });
  }

  private send(message: ClientMessage): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }
}

async function asksForToken(): Promise<boolean> {
  const answer = await fetch('/api/cameras').catch(() => undefined);
  return answer?.status === 401;
}
