import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { WebSocket } from 'ws';
import type { Frame } from '../../../engine/frames/frame.ts';
import { PixelPool } from '../../../engine/frames/pixel-pool.ts';
import { ViewStore } from '../../../engine/frames/view-store.ts';
import { SqliteLog } from '../../../engine/log/index.ts';
import { silentLogger } from '../../../engine/observe/logger.ts';
import type { TracksRecord } from '../../../engine/records/record.ts';
import { Secret } from '../../../engine/secret.ts';
import { Database } from '../../../engine/sqlite/database.ts';
import { decodeFrameMessage } from '../../../ui/frame-message.ts';
import type { FrameHeader, ServerMessage, Watch } from '../../../ui/protocol.ts';
import type { LiveSite, SiteCamera } from '../../../ui/server/live/live-site.ts';
import { LiveView } from '../../../ui/server/live/live-view.ts';
import { PictureFolder } from '../../../ui/server/live/picture-folder.ts';
import { createServer } from '../../../ui/server/server.ts';
import { ManualClock } from '../../manual-clock.ts';
import { START_MS, timeOf, tracked } from '../../records.ts';

const VIEW = { width: 320, height: 180 };
export const PICTURE_LIMITS = { bytes: 2 ** 20, ageMs: 3_600_000 };

export interface HarnessOptions {
  readonly cameras?: readonly Partial<SiteCamera>[];
  readonly token?: string;
  readonly webFolder?: string;
}

interface HarnessParts {
  readonly clock: ManualClock;
  readonly folder: string;
  readonly database: Database;
  readonly log: SqliteLog;
  readonly pictures: PictureFolder;
}

/** A real server on a real socket over a real log; only time is stepped by hand, and frames come from the test. */
export class LiveHarness {
  readonly folder: string;
  readonly clock: ManualClock;
  readonly pool = new PixelPool(2 ** 26);
  readonly views: ViewStore;
  readonly live: LiveView;
  readonly server: FastifyInstance;
  readonly log: SqliteLog;
  cameras: SiteCamera[];
  private readonly database: Database;
  private readonly clients: Client[] = [];
  private url = '';

  private constructor(parts: HarnessParts, { cameras = [{}], token, webFolder }: HarnessOptions) {
    const { clock, folder, database, log, pictures } = parts;
    this.clock = clock;
    this.folder = folder;
    this.views = new ViewStore({ clock, pool: this.pool });
    this.database = database;
    this.log = log;
    this.cameras = cameras.map(siteCamera);
    this.live = new LiveView({ log, views: this.views, clock, logger: silentLogger, site: this.site(), pictures });
    this.server = createServer({
      log,
      access: { host: '127.0.0.1', ...(token === undefined ? {} : { token: new Secret(token) }) },
      metrics: async () => ({ text: '', type: 'text/plain' }),
      readiness: () => ({ ready: true, waiting: [] }),
      live: this.live,
      ...(webFolder === undefined ? {} : { webFolder }),
    });
  }

  static async open(options: HarnessOptions = {}): Promise<LiveHarness> {
    const clock = new ManualClock(START_MS);
    const folder = mkdtempSync(join(tmpdir(), 'ocelli-live-'));
    const database = new Database(join(folder, 'log.db'));
    const [log, pictures] = [await SqliteLog.open(database), await PictureFolder.open(join(folder, 'pictures'), clock, PICTURE_LIMITS)];
    const harness = new LiveHarness({ clock, folder, database, log, pictures }, options);
    harness.url = await harness.server.listen({ host: '127.0.0.1', port: 0 });
    return harness;
  }

  async close(): Promise<void> {
    for (const client of this.clients) client.socket.terminate();
    await this.server.close();
    await this.log.close();
    this.database.close();
  }

  /** Opens a WebSocket and waits until the server has greeted. */
  async connect(headers: Readonly<Record<string, string>> = {}, path = '/ws'): Promise<Client> {
    const client = new Client(new WebSocket(this.url.replace('http', 'ws') + path, { headers }));
    this.clients.push(client);
    await client.text('cameras');
    return client;
  }

  /** Resolves when the server has forgotten the next viewer that goes. */
  viewerLeft(): Promise<void> {
    const { viewers } = this.live.hub;
    const forget = viewers.delete.bind(viewers);
    return new Promise((resolve) => {
      viewers.delete = (viewer) => {
        queueMicrotask(resolve);
        return forget(viewer);
      };
    });
  }

  /** The HTTP status that an upgrade is refused with, and the sentence. */
  refused(headers: Readonly<Record<string, string>> = {}, path = '/ws'): Promise<{ status: number; error: string }> {
    const socket = new WebSocket(this.url.replace('http', 'ws') + path, { headers });
    socket.on('error', () => {});
    return new Promise((resolve, reject) => {
      socket.on('open', () => reject(new Error('the upgrade was not refused')));
      socket.on('unexpected-response', (_request, response) => {
        let body = '';
        response.on('data', (text) => (body += String(text)));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, ...(JSON.parse(body) as { error: string }) }));
      });
    });
  }

  fetch(path: string, init?: RequestInit): Promise<Response> {
    return fetch(this.url + path, init);
  }

  /** A frame arrives, with a view of one grey, and its record is committed. */
  async frame(
    seq: number,
    { camera = 'dock-1', pixels }: { camera?: string; pixels?: Uint8Array<ArrayBuffer> } = {},
  ): Promise<TracksRecord> {
    this.views.put(this.viewed(seq, camera, pixels));
    const record = tracked(seq, [], { camera });
    await this.log.append('tracks', 0, [record]);
    return record;
  }

  private viewed(seq: number, camera: string, pixels = greyPixels(greyOf(seq))): Frame {
    return {
      ...{ type: 'frame', camera, session: 1, seq, time: timeOf(seq), clock: 'arrival', arrivedMs: this.clock.monotonic(), decodedMs: 1 },
      ...{ settings: '', image: VIEW, letterbox: { x: 0, y: 0, ...VIEW }, pixels: new ArrayBuffer(0), view: { ...VIEW, pixels } },
    };
  }

  private site(): LiveSite {
    return {
      timezone: 'Europe/Berlin',
      model: { name: 'parcels', version: '1', sha256: '0'.repeat(64), dataset: 'parcels-test', classes: ['parcel'] },
      cameras: () => this.cameras,
      workers: () => 2,
      log: () => ({ bytes: 1000, limitBytes: 5000 }),
    };
  }
}

function siteCamera(facts: Partial<SiteCamera>): SiteCamera {
  const status = { state: 'running', since: START_MS, fps: 10, frames: 7, decodeErrors: 0, restarts: {}, lastLines: [] } as const;
  const camera = { id: 'dock-1', kind: 'live', address: 'rtsp://192.0.2.10/stream2', targetFps: 10, freshnessMs: 500 } as const;
  return { ...camera, viewWidth: 320, enabled: true, status, ...facts };
}

/** A grey for each place, far enough apart to survive JPEG. */
export function greyOf(seq: number): number {
  return (seq * 23) % 250;
}

export function greyPixels(level: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(VIEW.width * VIEW.height * 3).fill(level);
}

/** Noise does not compress: a JPEG of it is large. Seeded, so that every run sends the same. */
export function noisePixels(): Uint8Array<ArrayBuffer> {
  let state = 1;
  return Uint8Array.from({ length: VIEW.width * VIEW.height * 3 }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state >> 16;
  });
}

export interface Received {
  readonly header: FrameHeader;
  readonly jpeg: Uint8Array;
}

/** A browser as the server sees it. */
export class Client {
  readonly socket: WebSocket;
  readonly frames: Received[] = [];
  readonly texts: ServerMessage[] = [];
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  private waiting: (() => void)[] = [];

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.binaryType = 'arraybuffer';
    socket.on('error', () => {});
    socket.on('message', (data, isBinary) => this.hear(data, isBinary));
    this.closed = new Promise((resolve) => socket.on('close', (code, reason) => resolve({ code, reason: String(reason) })));
  }

  /** Watches, and waits until the server has understood. */
  async watch(...cameras: Partial<Watch>[]): Promise<void> {
    this.say({ op: 'watch', cameras: cameras.map((camera) => ({ id: 'dock-1', width: 320, fps: 10, ...camera })) });
    await this.heard();
  }

  say(message: object): void {
    this.socket.send(JSON.stringify(message));
  }

  /** Everything that was said before this is answered when it resolves. */
  async heard(): Promise<void> {
    const sent = Math.random();
    this.say({ op: 'clock', sent });
    await this.until(() => this.texts.some((text) => text.type === 'clock' && text.sent === sent));
  }

  async frame(count: number): Promise<Received> {
    await this.until(() => this.frames.length >= count);
    return this.frames[count - 1] as Received;
  }

  async text<T extends ServerMessage['type']>(type: T): Promise<Extract<ServerMessage, { type: T }>> {
    const find = () => this.texts.findLast((text) => text.type === type);
    await this.until(() => find() !== undefined);
    return find() as Extract<ServerMessage, { type: T }>;
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  private hear(data: unknown, isBinary: boolean): void {
    if (isBinary) this.frames.push(decodeFrameMessage(data as ArrayBuffer));
    else this.texts.push(JSON.parse(Buffer.from(data as ArrayBuffer).toString()) as ServerMessage);
    for (const wake of this.waiting.splice(0)) wake();
  }
}
