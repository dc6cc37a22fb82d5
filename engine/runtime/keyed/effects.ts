import type { TableChange } from '../../contract/table-change.ts';
import type { AnyRecord, Topic } from '../../records/topic.ts';

/** What the operators made of one input. Kept apart until all of them are through, so that a throw leaves nothing behind. */
export class Effects {
  readonly records = new Map<Topic, AnyRecord[]>();
  readonly tables: TableChange[] = [];

  emit(topic: Topic, record: AnyRecord): void {
    const records = this.records.get(topic);
    if (records === undefined) this.records.set(topic, [record]);
    else records.push(record);
  }
}
