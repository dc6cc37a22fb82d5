import { Camera } from '../../../demo/cameras/camera.ts';
import { type Clip, readClip } from '../../../demo/cameras/clip.ts';
import { RtspServer } from '../../../demo/cameras/rtsp-server.ts';
import { ManualClock } from '../../manual-clock.ts';
import { framesFrom, type ReceivedFrame } from './depacketizer.ts';
import { RtspClient } from './rtsp-client.ts';
import { makeClip } from './test-clips.ts';

export const FRAME_MS = 1000 / 15;
/** Frames in each clip; every 15th is a key frame. */
const LOOP = 30;

/** The clips of the two cameras `dock-1` and `large`. */
export interface ClipPair {
  readonly small: Clip;
  readonly large: Clip;
}

export async function makeClipPair(folder: string): Promise<ClipPair> {
  return {
    small: await readClip(makeClip(folder, 'dock-1', { size: '320x180', seconds: 2 })),
    large: await readClip(makeClip(folder, 'large', { size: '640x360', seconds: 2 })),
  };
}

/** The camera `dock-1` (beside it `large`) on a server whose time the test steps by hand, and a client that shows every byte. */
export class SteppedCamera {
  readonly clock = new ManualClock();
  readonly camera: Camera;
  readonly server: RtspServer;
  readonly #small: Clip;
  #client: RtspClient | undefined;

  constructor({ small, large }: ClipPair, random32?: () => number) {
    const clips = new Map([
      ['dock-1', small],
      ['large', large],
    ]);
    this.#small = small;
    this.camera = new Camera('dock-1', clips, this.clock);
    const cameras = [this.camera, new Camera('large', clips, this.clock)];
    const options = { host: '127.0.0.1', port: 0, cameras, sessionTimeoutMs: 60_000, clock: this.clock };
    this.server = new RtspServer(random32 === undefined ? options : { ...options, random32 });
  }

  async open(): Promise<RtspClient> {
    await this.server.openPort();
    this.#client = this.connect();
    return this.#client;
  }

  connect(): RtspClient {
    return new RtspClient(`rtsp://127.0.0.1:${this.server.port}/dock-1`);
  }

  /** Lets time pass and waits for what the server sent in it. */
  async pass(ms: number): Promise<void> {
    this.clock.advance(ms);
    await this.#client?.settled();
  }

  /** The pictures that the client has got. */
  sent(): ReceivedFrame[] {
    return framesFrom(this.#client?.rtp ?? []);
  }

  /** Which frames of the clip they are, by their bytes; -1 is none of them. */
  seen({ frames } = this.#small): number[] {
    const bytes = frames.map(({ nals }) => Buffer.concat(nals));
    return this.sent().map(({ nals }) => bytes.findIndex((frame) => frame.equals(Buffer.concat(nals))));
  }

  close(): void {
    this.#client?.close();
    this.server.close();
  }
}

/** The numbers from one up to before another, as they come round in a clip. */
export function round(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => (from + i) % LOOP);
}
