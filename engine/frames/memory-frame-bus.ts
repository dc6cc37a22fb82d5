import type { Clock } from '../clock.ts';
import { CameraQueue, type QueueOptions } from './camera-queue.ts';
import type { BusItem } from './frame.ts';
import type { Delivery, FrameBus, FrameSink, FrameSource } from './frame-bus.ts';

interface Camera {
  readonly queue: CameraQueue;
  /** Frames of a recording that were put and are not yet done. */
  ahead: number;
  closed: boolean;
  readonly waitingForRoom: (() => void)[];
}

/** A gap alone is held this long, so that many lost frames become one record. */
const GAP_HELD_MS = 1000;

interface Options extends Partial<QueueOptions> {
  readonly clock: Clock;
}

/** The frame bus inside one process. */
export class MemoryFrameBus implements FrameBus {
  private readonly clock: Clock;
  private readonly queueOptions: QueueOptions;
  private readonly cameras = new Map<string, Camera>();
  /** Whose turn it is: the first with something due. Who got a turn goes to the end. */
  private turn: string[] = [];
  private wake: () => void = () => {};
  private readonly heard = new WeakSet<AbortSignal>();
  private closed = false;

  constructor({ clock, shed = () => {}, replaced = () => 'overload', heldMs = GAP_HELD_MS }: Options) {
    this.clock = clock;
    this.queueOptions = { shed, replaced, heldMs };
  }

  sink(camera: string, delivery: Delivery): FrameSink {
    const entry = this.cameras.get(camera) ?? this.enter(camera, delivery);
    entry.queue.delivery = delivery;
    entry.closed = false;
    this.turn = [...this.turn.filter((other) => other !== camera), camera];
    return {
      put: (item) => this.put(entry, item),
      room: () => this.room(entry),
      close: () => this.closeSink(entry),
    };
  }

  source(): FrameSource {
    return { take: (frames, waitMs, signal) => this.take(frames, waitMs, signal), done: (item) => this.done(item) };
  }

  /** True when `take` would come back at once, with something. */
  get isDue(): boolean {
    return this.nextDue() <= this.clock.monotonic();
  }

  close(): void {
    this.closed = true;
    for (const { queue } of this.cameras.values()) queue.heldMs = 0;
    this.wake();
  }

  private enter(camera: string, delivery: Delivery): Camera {
    const entry = { queue: new CameraQueue(delivery, this.queueOptions), ahead: 0, closed: false, waitingForRoom: [] };
    this.cameras.set(camera, entry);
    return entry;
  }

  private put(camera: Camera, item: BusItem): void {
    if (item.type === 'frame' && camera.queue.delivery.kind === 'recording') camera.ahead += 1;
    camera.queue.put(item, this.clock.monotonic());
    this.wake();
  }

  private room(camera: Camera): Promise<void> {
    if (hasRoom(camera)) return Promise.resolve();
    return new Promise((resolve) => camera.waitingForRoom.push(resolve));
  }

  private closeSink(camera: Camera): void {
    camera.closed = true;
    letIn(camera);
    this.wake();
  }

  private done(item: BusItem): void {
    const camera = this.cameras.get(item.camera);
    if (camera === undefined || item.type !== 'frame' || camera.ahead === 0) return;
    camera.ahead -= 1;
    if (hasRoom(camera)) letIn(camera);
  }

  private async take(frames: number, waitMs: number, signal: AbortSignal): Promise<readonly BusItem[]> {
    let items: BusItem[] = [];
    let deadline = Number.POSITIVE_INFINITY;
    while (!signal.aborted) {
      items = items.concat(this.takeDue(frames - countFrames(items)));
      if (items.length > 0) deadline = Math.min(deadline, this.clock.monotonic() + waitMs);
      if (countFrames(items) >= frames || this.clock.monotonic() >= deadline) break;
      if (this.closed && this.nextDue() === Number.POSITIVE_INFINITY) break;
      await this.something(Math.min(deadline, this.nextDue()), signal);
    }
    return items;
  }

  private takeDue(frames: number): BusItem[] {
    const items: BusItem[] = [];
    for (const id of [...this.turn]) {
      if (countFrames(items) >= frames) break;
      items.push(...this.takeTurn(id));
    }
    return items;
  }

  private takeTurn(id: string): BusItem[] {
    const camera = this.cameras.get(id);
    const items = camera?.queue.takeTurn(this.clock.monotonic()) ?? [];
    if (items.length > 0) this.turn = [...this.turn.filter((other) => other !== id), id];
    if (camera?.closed && camera.queue.empty) this.forget(id);
    return items;
  }

  /** Gives up what waits of a camera. */
  forget(id: string): void {
    this.cameras.delete(id);
    this.turn = this.turn.filter((other) => other !== id);
  }

  private nextDue(): number {
    return this.turn.reduce((due, id) => Math.min(due, this.cameras.get(id)?.queue.dueAt() ?? due), Number.POSITIVE_INFINITY);
  }

  /** Resolves when an item is put, when `untilMs` is reached, or at the signal. */
  private something(untilMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const delayMs = untilMs - this.clock.monotonic();
      const cancel = Number.isFinite(delayMs) ? this.clock.after(Math.max(0, delayMs), wake) : () => {};
      function wake() {
        cancel();
        resolve();
      }
      this.wake = wake;
      this.hear(signal);
    });
  }

  /** One listener for all waits on a signal: to add and remove one for each frame costs more than the wait. */
  private hear(signal: AbortSignal): void {
    if (this.heard.has(signal)) return;
    this.heard.add(signal);
    signal.addEventListener('abort', () => this.wake(), { once: true });
  }
}

function countFrames(items: readonly BusItem[]): number {
  return items.reduce((count, item) => count + (item.type === 'frame' ? 1 : 0), 0);
}

function hasRoom({ queue: { delivery }, ahead, closed }: Camera): boolean {
  return closed || delivery.kind === 'live' || ahead < delivery.aheadFrames;
}

function letIn(camera: Camera): void {
  for (const resolve of camera.waitingForRoom.splice(0)) resolve();
}
