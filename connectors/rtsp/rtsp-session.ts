import type { Clock } from '../../engine/clock.ts';
import type { RtspConnection } from './rtsp-connection.ts';
import type { RtspAnswer } from './rtsp-message.ts';

/** RFC 2326, section 12.37: what holds when the camera names none. */
const SESSION_TIMEOUT_MS = 60_000;
const SHORTEST_TIMEOUT_MS = 2000;
const LONGEST_TIMEOUT_MS = 600_000;

/** A stream that was set up: kept alive until it ends. */
export class RtspSession {
  private readonly connection: RtspConnection;
  private readonly clock: Clock;
  private readonly url: string;
  private readonly id: string | undefined;
  private readonly intervalMs: number;
  private method = 'GET_PARAMETER';
  private stopped = false;
  private cancel: () => void = () => undefined;

  /** @param setUp the answer to SETUP. @param url what PLAY and its kin are about. */
  constructor(connection: RtspConnection, clock: Clock, setUp: RtspAnswer, url: string) {
    const { id, timeoutMs } = readSession(setUp.headers.get('session')?.[0]);
    this.connection = connection;
    this.clock = clock;
    this.url = url;
    this.id = id;
    this.intervalMs = timeoutMs / 2;
  }

  /** Begins to play, from now on, and keeps alive. */
  async play(): Promise<void> {
    await this.connection.request('PLAY', this.url, { ...this.header, Range: 'npt=0.000-' });
    this.keepAlive();
  }

  /** Tells the camera that nobody watches any more. */
  async tearDown(): Promise<void> {
    this.stop();
    await this.connection.ask('TEARDOWN', this.url, this.header);
  }

  stop(): void {
    this.stopped = true;
    this.cancel();
  }

  private get header(): { Session: string | undefined } {
    return { Session: this.id };
  }

  private keepAlive(): void {
    this.cancel = this.clock.after(this.intervalMs, () => {
      const next = () => {
        if (!this.stopped) this.keepAlive();
      };
      // Without an answer packets may well come: it is they that count. The end of the connection is told by itself.
      this.signOfLife().then(next, next);
    });
  }

  /** Cameras that do not know GET_PARAMETER know OPTIONS. */
  private async signOfLife(): Promise<void> {
    const { status } = await this.connection.ask(this.method, this.url, this.header);
    if (status === 200 || this.method === 'OPTIONS' || this.stopped) return;
    this.method = 'OPTIONS';
    await this.connection.ask(this.method, this.url, this.header);
  }
}

/** `Session: 4711;timeout=60` */
function readSession(header: string | undefined): { id: string | undefined; timeoutMs: number } {
  const [, id, timeout] = /^([^;\s]+)(?:.*;\s*timeout\s*=\s*(\d+))?/i.exec(header ?? '') ?? [];
  const timeoutMs = timeout === undefined ? SESSION_TIMEOUT_MS : Number(timeout) * 1000;
  return { id, timeoutMs: Math.min(LONGEST_TIMEOUT_MS, Math.max(SHORTEST_TIMEOUT_MS, timeoutMs)) };
}
