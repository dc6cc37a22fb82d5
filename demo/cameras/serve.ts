import { type Clock, SystemClock } from '../../engine/clock.ts';
import { OcelliError } from '../../engine/errors.ts';
import { Camera, type CameraCounters } from './camera.ts';
import { type Clip, readClip } from './clip.ts';
import { openControlServer } from './control-server.ts';
import type { Faults, Order } from './faults.ts';
import { pacedClock } from './paced-clock.ts';
import type { ViewerStats } from './rtp-sender.ts';
import { RtspServer } from './rtsp-server.ts';

export interface ServeOptions {
  /** Name of each camera (letters, digits, `.`, `_`, `-`) and the MP4 file that it shows (H.264, no B-frames). */
  readonly clips: Readonly<Record<string, string>>;
  /** Further clips that the order `clip` can name. */
  readonly spareClips?: Readonly<Record<string, string>>;
  /** The port that all cameras share; 0, the default, takes a free one. */
  readonly port?: number;
  /** For HTTP orders; 0 takes a free one. Without it there is no such endpoint. */
  readonly controlPort?: number;
  /** Gives each camera a free port of its own as well, which the order `refuse` closes. */
  readonly ownPorts?: boolean;
  /** 127.0.0.1 unless told otherwise. */
  readonly host?: string;
  /** How fast the cameras' time runs: at 8, a minute of video is over in 7.5 s. The times in the packets are those of the video. */
  readonly pace?: number;
  /** 60 s by default. */
  readonly sessionTimeoutMs?: number;
  /** Instead of the machine's. */
  readonly clock?: Clock;
}

/** A camera as it stands. Passwords are left out. */
export interface CameraStats {
  readonly url: string;
  /** With a port of its own. */
  readonly ownUrl: string | null;
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  /** Frames in a loop of the clip that is shown. */
  readonly frames: number;
  /** The newest frame that was due for a viewer without delay, rising over the loops: the picture is frame `newestFrame % frames` of the clip. */
  readonly newestFrame: number;
  /** When it was due, milliseconds since 1970 on the cameras' clock. */
  readonly newestFrameMs: number;
  readonly faults: Omit<Faults, 'password'> & { readonly password: { readonly scheme: string; readonly user: string } | null };
  readonly counters: CameraCounters;
  readonly viewers: readonly ViewerStats[];
}

/** Running cameras. */
export interface Cameras {
  readonly names: readonly string[];
  readonly port: number;
  /** `http://host:port`, or null without a control port. */
  readonly controlUrl: string | null;
  /** On the shared port. */
  url(camera: string): string;
  /** On the camera's own port; throws without `ownPorts`. */
  ownUrl(camera: string): string;
  /** Does what the order says, at once. See faults.ts for what can be ordered. */
  fault(camera: string, order: Order): Promise<void>;
  stats(): Record<string, CameraStats>;
  close(): void;
}

/** Serves clips as cameras until closed. Throws if a clip cannot be read or a port is taken. */
export async function serveCameras(options: ServeOptions): Promise<Cameras> {
  const { host = '127.0.0.1', port = 0, sessionTimeoutMs = 60_000, ownPorts = false } = options;
  for (const name of Object.keys(options.clips)) refuseName(name);
  const clips = await readAll({ ...options.spareClips, ...options.clips });
  const clock = pacedClock(options.clock ?? new SystemClock(), options.pace ?? 1);
  const all = Object.keys(options.clips).map((name) => new Camera(name, clips, clock));
  const shared = new RtspServer({ host, port, cameras: all, sessionTimeoutMs });
  const own = new Map(
    ownPorts ? all.map((camera) => [camera.name, new RtspServer({ host, port: 0, cameras: [camera], sessionTimeoutMs })]) : [],
  );
  const cameras = new ServedCameras(host, all, shared, own);
  try {
    await cameras.open(options.controlPort);
  } catch (error) {
    cameras.close();
    throw error;
  }
  return cameras;
}

class ServedCameras implements Cameras {
  readonly names: readonly string[];
  controlUrl: string | null = null;
  readonly #host: string;
  readonly #cameras: ReadonlyMap<string, Camera>;
  readonly #shared: RtspServer;
  readonly #own: ReadonlyMap<string, RtspServer>;
  #closeControl = () => {};

  constructor(host: string, cameras: readonly Camera[], shared: RtspServer, own: ReadonlyMap<string, RtspServer>) {
    this.names = cameras.map(({ name }) => name);
    this.#host = host;
    this.#cameras = new Map(cameras.map((camera) => [camera.name, camera]));
    this.#shared = shared;
    this.#own = own;
  }

  get port(): number {
    return this.#shared.port;
  }

  async open(controlPort: number | undefined): Promise<void> {
    for (const server of [this.#shared, ...this.#own.values()]) await server.openPort();
    if (controlPort === undefined) return;
    const control = await openControlServer(this, this.#host, controlPort);
    this.controlUrl = `http://${inUrl(this.#host)}:${control.port}`;
    this.#closeControl = control.close;
  }

  url(camera: string): string {
    return `rtsp://${inUrl(this.#host)}:${this.#shared.port}/${this.#camera(camera).name}`;
  }

  ownUrl(camera: string): string {
    const server = this.#own.get(this.#camera(camera).name);
    if (server === undefined)
      throw new OcelliError('INPUT_INVALID', `camera "${camera}" has no port of its own: serve the cameras with ownPorts`);
    return `rtsp://${inUrl(this.#host)}:${server.port}/${camera}`;
  }

  async fault(name: string, order: Order): Promise<void> {
    const camera = this.#camera(name);
    camera.order(order);
    if (order.refuse === true) this.#own.get(name)?.closePort();
    if (order.refuse === false) await this.#own.get(name)?.openPort();
  }

  stats(): Record<string, CameraStats> {
    return Object.fromEntries(Array.from(this.#cameras, ([name, camera]) => [name, this.#statsOf(camera)]));
  }

  close(): void {
    this.#closeControl();
    for (const server of [this.#shared, ...this.#own.values()]) server.close();
  }

  #statsOf(camera: Camera): CameraStats {
    const { name, faults, counters, playback } = camera;
    const { width, height, fps, frames } = playback.clip;
    const { password } = faults;
    const servers = [this.#shared, this.#own.get(name)].filter((server) => server !== undefined);
    return {
      url: this.url(name),
      ownUrl: this.#own.has(name) ? this.ownUrl(name) : null,
      ...{ width, height, fps, frames: frames.length, ...camera.newest },
      faults: { ...faults, password: password && { scheme: password.scheme, user: password.user } },
      counters: { ...counters },
      viewers: servers.flatMap((server) => server.viewersOf(camera)),
    };
  }

  #camera(name: string): Camera {
    const camera = this.#cameras.get(name);
    if (camera === undefined) throw new OcelliError('INPUT_INVALID', `there is no camera "${name}", known are: ${this.names.join(', ')}`);
    return camera;
  }
}

/** It stands in URLs as it is. */
function refuseName(name: string): void {
  if (/^[A-Za-z0-9._-]+$/.test(name)) return;
  throw new OcelliError('INPUT_INVALID', `a camera's name has letters, digits, ".", "_" and "-" only, got "${name}"`);
}

/** An IPv6 address stands in brackets. */
function inUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

/** A file that several cameras show is read once. */
async function readAll(files: Readonly<Record<string, string>>): Promise<Map<string, Clip>> {
  const read = new Map(Array.from(new Set(Object.values(files)), (file) => [file, readClip(file)]));
  await Promise.all(read.values());
  const clips = new Map<string, Clip>();
  for (const [name, file] of Object.entries(files)) clips.set(name, await (read.get(file) ?? readClip(file)));
  return clips;
}
