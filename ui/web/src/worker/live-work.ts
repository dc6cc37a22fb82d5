import type { TrackedObject } from '../../../../engine/records/record.ts';
import type { FrameHeader } from '../../../protocol.ts';
import type { FromWorker, NewStage, StageCanvas, ToWorker } from '../live/messages.ts';
import type { Port } from '../live/port.ts';
import { sharedNow } from '../live/shared-time.ts';
import { Connection } from './connection.ts';
import { DrawSchedule } from './draw-schedule.ts';
import { DrawnSummary } from './drawn-summary.ts';
import { Feed } from './feed.ts';
import { PaintedStage } from './painted-stage.ts';

/** What is told, as a `drawn` event of the thread that draws, in the very frame in which a picture is drawn. */
export interface Drawn {
  readonly camera: string;
  readonly record: FrameHeader['record'];
  /** What boxes were drawn of. */
  readonly objects: readonly TrackedObject[];
  readonly canvas: StageCanvas;
  /** When it was captured, by the server's clock. */
  readonly captured: number;
  /** When it had come and was decoded, and when it was drawn, by the shared clock. */
  readonly receivedMs: number;
  readonly drawnMs: number;
  /** Milliseconds between the two; `undefined` until the server's clock is known. */
  readonly ageMs: number | undefined;
  /** By how much the age may be wrong, since the server's clock is known only so well. */
  readonly ageErrorMs: number | undefined;
}

/**
 * Everything that a picture needs between the server and the screen: connection, decoding, drawing. Runs in a worker, or where a browser
 * cannot draw there in the page itself.
 *
 *   server ──▶ connection ──▶ feed (decodes) ──▶ schedule ──▶ painted stages ──▶ summary ──▶ page
 */
export class LiveWork {
  private readonly port: Port<ToWorker, FromWorker>;
  private readonly connection: Connection;
  private readonly feeds = new Map<string, Feed>();
  private readonly stages = new Map<number, PaintedStage>();
  private readonly schedule = new DrawSchedule<PaintedStage>((stage) => this.draw(stage));
  private readonly summary: DrawnSummary;
  private withBoxes = true;

  constructor(port: Port<ToWorker, FromWorker>) {
    this.port = port;
    this.summary = new DrawnSummary((pictures) => port.send({ tell: 'drawn', pictures }));
    this.connection = new Connection({
      link: (link) => port.send({ tell: 'link', link }),
      message: (message) => port.send({ tell: 'server', message }),
      clock: (sentMs, receivedMs, now) => port.send({ tell: 'clock', sentMs, receivedMs, now }),
      clockForgotten: () => port.send({ tell: 'clock-forgotten' }),
      frame: (message) => this.feed(message.header.record.camera).take(message),
    });
  }

  start(): void {
    this.port.hear((message) => this.hear(message));
    this.connection.start();
  }

  private hear(message: ToWorker): void {
    if (message.op === 'watch') this.connection.watch(message.cameras);
    else if (message.op === 'visible') this.connection.seen(message.visible);
    else if (message.op === 'connect') this.connection.connectNow();
    else if (message.op === 'overlay') this.showBoxes(message.shown);
    else if (message.op === 'stage') this.add(message);
    else if (message.op === 'unstage') this.remove(message.stage);
    else this.change(message);
  }

  private add(stage: NewStage): void {
    this.stages.set(stage.stage, new PaintedStage(stage, this.feed(stage.camera)));
  }

  private change(message: Extract<ToWorker, { op: 'size' | 'dim' }>): void {
    const stage = this.stages.get(message.stage);
    if (stage === undefined) return;
    if (message.op === 'size') stage.resize(message);
    else stage.dim();
    this.schedule.ask(stage);
  }

  private remove(number: number): void {
    const stage = this.stages.get(number);
    this.stages.delete(number);
    if (stage !== undefined) this.schedule.forget(stage);
  }

  private showBoxes(shown: boolean): void {
    this.withBoxes = shown;
    for (const stage of this.stages.values()) this.schedule.ask(stage);
  }

  private feed(camera: string): Feed {
    const feed =
      this.feeds.get(camera) ??
      new Feed(
        () => this.connection.took(),
        () => this.drawSoon(camera),
      );
    this.feeds.set(camera, feed);
    return feed;
  }

  private drawSoon(camera: string): void {
    for (const stage of this.stages.values()) if (stage.camera === camera) this.schedule.ask(stage);
  }

  private draw(stage: PaintedStage): void {
    const objects = stage.draw(this.withBoxes);
    if (objects === undefined || stage.feed.newest === undefined) return;
    const { header, receivedMs } = stage.feed.newest;
    const { record, captured } = header;
    const { camera, canvas, withRecord } = stage;
    const drawnMs = sharedNow();
    const now = this.connection.clock.at(drawnMs);
    const ageMs = now === undefined ? undefined : now - captured;
    this.summary.add({ camera, captured, receivedMs, drawnMs, ageMs, ...(withRecord && { record }) });
    const ageErrorMs = this.connection.clock.errorMs;
    const detail: Drawn = { camera, record, objects, canvas, captured, receivedMs, drawnMs, ageMs, ageErrorMs };
    dispatchEvent(new CustomEvent('drawn', { detail }));
  }
}
