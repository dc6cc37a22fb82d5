import type { BusItem, Frame } from '../../engine/frames/frame.ts';
import type { FrameSink } from '../../engine/frames/frame-bus.ts';
import { type Breach, checkAccount } from '../../engine/records/account.ts';
import type { MarkRecord } from '../../engine/records/record.ts';
import type { RecordOf } from '../../engine/records/topic.ts';

/** The end of the connectors, as a test sees it: keeps every item, and gives room when it is told to. */
export class Recorder implements FrameSink {
  readonly items: BusItem[] = [];
  private readonly waits = new Set<() => void>();
  private gate: Promise<void> = Promise.resolve();
  private openGate: () => void = () => undefined;
  private asked = Promise.withResolvers<void>();

  put(item: BusItem): void {
    this.items.push(item);
    for (const look of this.waits) look();
  }

  room(): Promise<void> {
    this.asked.resolve();
    return this.gate;
  }

  close(): void {}

  /** No room from now on, until `letIn`. */
  shut(): void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.gate = promise;
    this.openGate = resolve;
    this.asked = Promise.withResolvers();
  }

  /** Resolves when somebody waits for room. */
  get isAskedForRoom(): Promise<void> {
    return this.asked.promise;
  }

  letIn(): void {
    this.openGate();
    this.gate = Promise.resolve();
  }

  get frames(): Frame[] {
    return this.items.filter((item) => item.type === 'frame');
  }

  get marks(): MarkRecord[] {
    return this.items.filter((item) => item.type === 'mark');
  }

  /** The marks of one kind. */
  marksOf(mark: MarkRecord['mark']): MarkRecord[] {
    return this.marks.filter((record) => record.mark === mark);
  }

  /** Resolves when the condition holds; it is looked at after each item. */
  async until(condition: (recorder: Recorder) => boolean): Promise<void> {
    if (condition(this)) return;
    await new Promise<void>((resolve) => {
      const look = () => {
        if (!condition(this)) return;
        this.waits.delete(look);
        resolve();
      };
      this.waits.add(look);
    });
  }

  /** Where promise 1 does not hold, with frames as the records that detection would write. */
  get breaches(): readonly Breach[] {
    return checkAccount(this.items.map(recordOf), { topic: 'detections' }).breaches;
  }

  /** Every item in short: what, place and time. */
  get story(): string[] {
    return this.items.map((item) => {
      if (item.type === 'frame') return `frame ${item.seq} ${item.time}`;
      if (item.type === 'gap') return `gap ${item.from} ${item.time} ${item.reason}`;
      return `${item.mark} ${item.seq} ${item.time}`;
    });
  }
}

/** The record that detection would write: of a frame one without objects. */
export function recordOf(item: BusItem): RecordOf<'detections'> {
  if (item.type !== 'frame') return item;
  const { camera, session, seq, time, clock, image, settings } = item;
  const model = { name: 'm', version: '1', sha256: '0'.repeat(64), dataset: 'd', settings };
  const timing = { decoded: 0, waited: 0, inferred: 0 };
  const id = `${camera}/${session}/${seq}`;
  return { v: 1, type: 'detections', id, camera, session, seq, time, clock, image, model, objects: [], timing };
}
