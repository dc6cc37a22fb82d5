import type { BusItem, Frame } from '../../frames/frame.ts';
import type { RecordOf } from '../../records/topic.ts';

export type DetectionsTopicRecord = RecordOf<'detections'>;

interface Slot {
  readonly item: BusItem;
  record: DetectionsTopicRecord | undefined;
}

/** One answered item: what goes to the log for it. */
export interface Answered {
  readonly item: BusItem;
  readonly record: DetectionsTopicRecord;
}

/**
 * Restores the order of one camera's items after inference, which answers in any order. Marks and gaps wait for the frames before them.
 */
export class CameraOrder {
  private readonly slots: Slot[] = [];

  get empty(): boolean {
    return this.slots.length === 0;
  }

  enter(item: BusItem): void {
    this.slots.push({ item, record: item.type === 'frame' ? undefined : item });
  }

  answer(frame: Frame, record: DetectionsTopicRecord): void {
    const slot = this.slots.find(({ item }) => item === frame);
    if (slot !== undefined) slot.record = record;
  }

  /** Everything up to the first frame that is still being looked at. */
  takeAnswered(): Answered[] {
    const open = this.slots.findIndex(({ record }) => record === undefined);
    const answered = this.slots.splice(0, open === -1 ? this.slots.length : open);
    return answered as Answered[];
  }
}
