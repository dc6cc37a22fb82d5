import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:net';
import { type Clock, SystemClock } from '../../engine/clock.ts';
import type { Camera } from './camera.ts';
import { listen } from './listen.ts';
import type { ViewerStats } from './rtp-sender.ts';
import { RtspConnection } from './rtsp-connection.ts';

export interface RtspServerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** By name: `rtsp://host:port/name`. One alone has the port to itself. */
  readonly cameras: readonly Camera[];
  /** A client that sets up a stream and then sends nothing for so long is hung up on. */
  readonly sessionTimeoutMs: number;
  /** For the end of silent sessions. */
  readonly clock?: Clock;
  /** For SSRCs, first sequence numbers and timestamps, names of sessions. */
  readonly random32?: () => number;
}

/** An RTSP 1.0 server (RFC 2326) on one port. */
export class RtspServer {
  readonly #options: RtspServerOptions;
  readonly #connections = new Set<RtspConnection>();
  #listener: Server | undefined;
  #port: number;

  constructor(options: RtspServerOptions) {
    this.#options = options;
    this.#port = options.port;
  }

  get port(): number {
    return this.#port;
  }

  /** Opens the port; after closePort, the same one again. */
  async openPort(): Promise<void> {
    if (this.#listener !== undefined) return;
    const { cameras, sessionTimeoutMs, clock = new SystemClock(), random32 = () => randomBytes(4).readUInt32BE() } = this.#options;
    const common = { cameraOf: (url: string) => this.#cameraOf(url), clock, sessionTimeoutMs, random32 };
    const options = cameras.length === 1 ? { ...common, onlyCamera: cameras[0] } : common;
    const listener = createServer((socket) => this.#serve(new RtspConnection(socket, options)));
    this.#port = await listen(listener, this.#options.host, this.#port);
    this.#listener = listener;
  }

  /** New connections are refused by the system from now on; those that are there go on. */
  closePort(): void {
    this.#listener?.close();
    this.#listener = undefined;
  }

  close(): void {
    this.closePort();
    for (const connection of this.#connections) connection.hangUp();
  }

  viewersOf(camera: Camera): ViewerStats[] {
    return [...this.#connections].flatMap(({ viewer }) => (viewer?.camera === camera ? [viewer.stats] : []));
  }

  #serve(connection: RtspConnection): void {
    this.#connections.add(connection);
    void connection.run().finally(() => this.#connections.delete(connection));
  }

  /** The first part of the path names the camera; what follows (`/track1`) is the camera's own affair. */
  #cameraOf(url: string): Camera | undefined {
    const name = URL.canParse(url) ? new URL(url).pathname.split('/')[1] : undefined;
    return this.#options.cameras.find((camera) => camera.name === name);
  }
}
