import type { AlertRecord } from '../../../../engine/records/record.ts';
import type { CameraFacts, KeptPicture, SiteMessage, Watch } from '../../../protocol.ts';
import type { DrawnPicture, FromWorker, Link, StageSize, ToWorker } from './messages.ts';
import type { Port } from './port.ts';
import { ServerClock } from './server-clock.ts';
import { sharedNow } from './shared-time.ts';
import { Store } from './store.ts';

/** What the page knows of the connection and of what is drawn, as the worker tells it. */
export class Live {
  readonly link = new Store<Link>('connecting');
  readonly site = new Store<SiteMessage | undefined>(undefined);
  readonly cameras = new Store<readonly CameraFacts[] | undefined>(undefined);
  /** Whether `now` is by the server's clock. */
  readonly clockKnown = new Store(false);
  onAlert: (alert: AlertRecord) => void = () => {};
  onPicture: (picture: KeptPicture) => void = () => {};
  private readonly port: Port<FromWorker, ToWorker>;
  private readonly clock = new ServerClock();
  private readonly drawn = new Map<string, Store<DrawnPicture | undefined>>();
  private stages = 0;

  constructor(port: Port<FromWorker, ToWorker>) {
    this.port = port;
    port.hear((message) => this.hear(message));
    const tellVisible = () => port.send({ op: 'visible', visible: !document.hidden });
    tellVisible();
    document.addEventListener('visibilitychange', tellVisible);
  }

  /** Milliseconds since 1970 by the server's clock; before it is known, by the page's own. */
  get now(): number {
    return this.clock.at(sharedNow()) ?? Date.now();
  }

  /** The newest picture of a camera that is known to be drawn; `undefined` before the first. */
  picture(camera: string): Store<DrawnPicture | undefined> {
    const picture = this.drawn.get(camera) ?? new Store<DrawnPicture | undefined>(undefined);
    this.drawn.set(camera, picture);
    return picture;
  }

  /** What is to be seen from now on. */
  watch(cameras: readonly Watch[]): void {
    this.port.send({ op: 'watch', cameras });
  }

  connectNow(): void {
    this.port.send({ op: 'connect' });
  }

  showBoxes(shown: boolean): void {
    this.port.send({ op: 'overlay', shown });
  }

  /** Gives a canvas to a camera, for good: it cannot be given twice. */
  stage(element: HTMLCanvasElement, camera: string, withRecord: boolean): LiveStage {
    this.stages += 1;
    const stage = this.stages;
    const { canvas, transfer } = handOver(element);
    this.port.send({ op: 'stage', stage, camera, canvas, withRecord }, transfer);
    return {
      resize: (size) => this.port.send({ op: 'size', stage, ...size }),
      dim: () => this.port.send({ op: 'dim', stage }),
      remove: () => this.port.send({ op: 'unstage', stage }),
    };
  }

  private hear(message: FromWorker): void {
    if (message.tell === 'drawn') for (const picture of message.pictures) this.picture(picture.camera).set(picture);
    else if (message.tell === 'link') this.link.set(message.link);
    else if (message.tell === 'clock') this.clockSaid(message);
    else if (message.tell === 'clock-forgotten') this.forgetClock();
    else this.take(message.message);
  }

  private clockSaid({ sentMs, receivedMs, now }: Extract<FromWorker, { tell: 'clock' }>): void {
    this.clock.answered(sentMs, receivedMs, now);
    this.clockKnown.set(true);
  }

  private forgetClock(): void {
    this.clock.forget();
    this.clockKnown.set(false);
  }

  private take(message: Extract<FromWorker, { tell: 'server' }>['message']): void {
    if (message.type === 'cameras') this.cameras.set(message.cameras);
    else if (message.type === 'site') this.site.set(message);
    else if (message.type === 'alert') this.onAlert(message.alert);
    else this.onPicture(message.picture);
  }
}

/** A canvas that the worker draws on. */
export interface LiveStage {
  resize(size: StageSize): void;
  /** The picture on it is no longer live. */
  dim(): void;
  remove(): void;
}

function handOver(element: HTMLCanvasElement) {
  if (!drawsInWorkers()) return { canvas: element, transfer: [] };
  const canvas = element.transferControlToOffscreen();
  return { canvas, transfer: [canvas] };
}

/** Older browsers draw in the page's own thread. */
export function drawsInWorkers(): boolean {
  return 'transferControlToOffscreen' in HTMLCanvasElement.prototype;
}
