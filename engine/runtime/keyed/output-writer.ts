import type { Log } from '../../log/log.ts';
import { lastPlace } from '../../records/place.ts';
import { covers, type Progress } from '../../records/place-rule.ts';
import type { AnyRecord, RecordOf, Topic } from '../../records/topic.ts';

/**
 * Writes what a task emits. After a crash the task runs again from its checkpoint and emits again what it had emitted before: that is
 * dropped by place, compared with how far the topic reaches. Several records at one place are no difficulty, because all that one input
 * causes in a topic goes into one append, which is committed as a whole.
 */
export class OutputWriter {
  private readonly log: Log;
  private readonly partition: number;
  private readonly onFailure: () => void;
  private readonly reach: ReadonlyMap<Topic, Map<string, Progress>>;
  private readonly waiting = new Map<Topic, AnyRecord[]>();
  private readonly appends = new Set<Promise<void>>();
  private failure: { readonly error: unknown } | undefined;

  private constructor(log: Log, partition: number, reach: ReadonlyMap<Topic, Map<string, Progress>>, onFailure: () => void) {
    this.log = log;
    this.partition = partition;
    this.reach = reach;
    this.onFailure = onFailure;
  }

  /** Goes on from what is committed in the topics. `onFailure` is called when an append is lost; every later call then throws. */
  static async open(log: Log, partition: number, topics: readonly Topic[], onFailure: () => void): Promise<OutputWriter> {
    log.resume('dead-letters', partition);
    const reach = new Map<Topic, Map<string, Progress>>();
    for (const topic of topics) {
      log.resume(topic, partition);
      reach.set(topic, new Map(await log.progress(topic, partition)));
    }
    return new OutputWriter(log, partition, reach, onFailure);
  }

  /** Takes what one input caused in a topic; answers those that are new, which `send` writes. */
  take(topic: Topic, camera: string, records: readonly AnyRecord[]): readonly AnyRecord[] {
    const reach = this.reach.get(topic);
    const fresh = records.filter((record) => !covers(reach?.get(camera), lastPlace(record)));
    const last = fresh.at(-1);
    if (last === undefined) return fresh;
    reach?.set(camera, { ...lastPlace(last), time: last.time });
    this.put(topic, fresh);
    return fresh;
  }

  /** Takes records that are written as they are. */
  put(topic: Topic, records: readonly AnyRecord[]): void {
    const waiting = this.waiting.get(topic);
    if (waiting === undefined) this.waiting.set(topic, [...records]);
    else waiting.push(...records);
  }

  /** Hands what was taken to the log, one append a topic, without waiting for the commit. */
  send(): void {
    this.check();
    for (const [topic, records] of this.waiting) this.append(topic, records as RecordOf<typeof topic>[]);
    this.waiting.clear();
  }

  /** How many appends are not committed yet. */
  get pending(): number {
    return this.appends.size;
  }

  /** Sends, and waits until everything is committed. Throws when something was lost. */
  async flush(): Promise<void> {
    this.send();
    await this.settle();
    this.check();
  }

  /** Waits until no append is under way, lost or not. */
  async settle(): Promise<void> {
    await Promise.all(this.appends);
  }

  /** Throws when an append was lost. */
  check(): void {
    if (this.failure !== undefined) throw this.failure.error;
  }

  private append<T extends Topic>(topic: T, records: readonly RecordOf<T>[]): void {
    const append = this.log.append(topic, this.partition, records).then(
      () => undefined,
      (error: unknown) => this.fail(error),
    );
    this.appends.add(append);
    void append.then(() => this.appends.delete(append));
  }

  private fail(error: unknown): void {
    this.failure ??= { error };
    this.onFailure();
  }
}
