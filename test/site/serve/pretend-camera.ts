import { SystemClock } from '../../../engine/clock.ts';
import { openViewSender } from '../../../engine/frames/kafka-door.ts';
import type { ViewSender } from '../../../engine/frames/kafka-views.ts';
import { PixelPool } from '../../../engine/frames/pixel-pool.ts';
import { timeOf, tracked } from '../../records.ts';
import type { ServedSite } from './served-site.ts';

const VIEW = { width: 320, height: 180 };
const POOL = new PixelPool(2 ** 22);
const PERIOD_MS = 100;
/** What detection and analysis take: a record comes so many frames behind its picture. */
const BEHIND_FRAMES = 3;

/** Stands in for a camera's process and what follows it: ten pictures a second, and the records of those before. */
export class PretendCamera {
  seq = 0;
  private readonly clock = new SystemClock();
  private readonly camera: string;
  private readonly site: ServedSite;
  private readonly sender: ViewSender;
  private over = false;
  private running: Promise<void> = Promise.resolve();

  static async start(site: ServedSite, camera: string): Promise<PretendCamera> {
    await site.log.assign([camera]);
    const clock = new SystemClock();
    const { kafka: settings, log, leases } = site;
    const sender = await openViewSender({ settings, log, leases, clock, pool: POOL });
    const started = new PretendCamera(site, camera, sender);
    started.running = started.run();
    return started;
  }

  private constructor(site: ServedSite, camera: string, sender: ViewSender) {
    this.site = site;
    this.camera = camera;
    this.sender = sender;
  }

  async stop(): Promise<void> {
    this.over = true;
    await this.running;
    await this.sender.close();
  }

  private async run(): Promise<void> {
    const sink = this.sender.sending({ put: () => {}, room: async () => {}, close: () => {} });
    while (!this.over) {
      sink.put(this.frame());
      const record = tracked(this.seq - BEHIND_FRAMES, [], { camera: this.camera });
      if (this.seq >= BEHIND_FRAMES) await this.site.log.append('tracks', this.site.log.partitionOf(this.camera), [record]);
      this.seq += 1;
      await new Promise<void>((resolve) => this.clock.after(PERIOD_MS, resolve));
    }
  }

  private frame() {
    const { seq, camera, clock } = this;
    const pixels = new Uint8Array(POOL.get(VIEW.width * VIEW.height * 3));
    return {
      ...({ type: 'frame', camera, session: 1, seq, time: timeOf(seq), clock: 'arrival', arrivedMs: clock.monotonic() } as const),
      ...{
        decodedMs: 1,
        settings: '',
        image: VIEW,
        letterbox: { x: 0, y: 0, ...VIEW },
        pixels: new ArrayBuffer(0),
        view: { ...VIEW, pixels },
      },
    };
  }
}
