/**
 * How long a picture of a live camera takes from its last packet to the frame bus: the simulated camera runs in this process, and every
 * picture carries its number as a bar code, so that sending and arriving are read from one clock. No detection, no log.
 *
 *     node bench/site/picture-latency.ts [seconds]
 */
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createConnector, findFfmpeg } from '../../connectors/index.ts';
import { barcodeClip, type Cameras, readBarcode, serveCameras } from '../../demo/cameras/index.ts';
import { type Clock, SystemClock } from '../../engine/clock.ts';
import type { BusItem } from '../../engine/frames/frame.ts';
import { camera, parts } from '../../test/connectors/parts.ts';
import { Recorder } from '../../test/connectors/recorder.ts';
import { printCase, quantile } from '../print-case.ts';

const NAME = 'dock-1';
const MODEL = { width: 320, height: 192 };
const seconds = Number(process.argv[2] ?? 30);
const clock = new SystemClock();
const ffmpeg = await findFfmpeg();

async function measure(transport: 'tcp' | 'udp'): Promise<void> {
  const source = resolve('demo/footage/clips/dock-1.mp4');
  const clip = await barcodeClip({ source, folder: join(tmpdir(), 'ocelli-bench'), ffmpeg: ffmpeg.path });
  const sent = new SentPictures(clock);
  const cameras = await serveCameras({ clips: { [NAME]: clip }, clock: sent.clock });
  sent.watch(cameras);
  const recorder = new ArrivedPictures(sent);
  const settings = { fps: 15, transport, view: { width: 640, fps: 10 } } as const;
  const connector = createConnector(camera(cameras.url(NAME), settings), parts(recorder, { ffmpeg, clock }));
  connector.start();
  await recorder.until(({ frames }) => frames.length > 0);
  await wait(seconds * 1000);
  await connector.stop('shutdown');
  cameras.close();
  const what = `ffmpeg ${ffmpeg.version}, ${transport}: last packet sent to frame on the bus`;
  for (const share of [0.5, 0.95]) printCase('picture-latency', `${what}, p${share * 100}`, quantile(recorder.tookMs, share), 'ms');
}

/** When each picture was sent. The cameras send in what they ask their clock to call, so after each call it is known what went out. */
class SentPictures {
  readonly clock: Clock;
  private cameras: Cameras | undefined;
  private next = 0;
  private readonly sentMs = new Map<number, number>();

  constructor(inner: Clock) {
    const after = (delayMs: number, callback: () => void) =>
      inner.after(delayMs, () => {
        callback();
        this.note(inner.monotonic());
      });
    this.clock = { now: () => inner.now(), monotonic: () => inner.monotonic(), after };
  }

  watch(cameras: Cameras): void {
    this.cameras = cameras;
  }

  /** When the picture with this bar code was last sent. */
  sent(code: number): number | undefined {
    return this.sentMs.get(code);
  }

  private note(nowMs: number): void {
    const stats = this.cameras?.stats()[NAME];
    const next = stats?.viewers[0]?.nextFrame ?? this.next;
    for (; this.next < next; this.next += 1) this.sentMs.set(this.next % (stats?.frames ?? 1), nowMs);
  }
}

class ArrivedPictures extends Recorder {
  readonly tookMs: number[] = [];
  private readonly pictures: SentPictures;

  constructor(pictures: SentPictures) {
    super();
    this.pictures = pictures;
  }

  override put(item: BusItem): void {
    const nowMs = clock.monotonic();
    super.put(item);
    if (item.type !== 'frame') return;
    const code = readBarcode({ pixels: new Uint8Array(item.pixels), ...MODEL, format: 'rgbp' }, item.letterbox);
    const sentMs = code === null ? undefined : this.pictures.sent(code);
    if (sentMs !== undefined) this.tookMs.push(nowMs - sentMs);
  }
}

for (const transport of ['tcp', 'udp'] as const) await measure(transport);
