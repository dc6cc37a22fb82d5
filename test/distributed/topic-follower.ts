import { fateOf } from '../../engine/errors.ts';
import type { LogReader } from '../../engine/log/index.ts';
import { streamTopic } from '../../engine/log/topic-stream.ts';
import { lastPlace } from '../../engine/records/place.ts';
import type { RecordOf } from '../../engine/records/topic.ts';
import type { AccountTopic } from './outcome.ts';

/** Reads a topic from its beginning on, and knows how far each camera has come in it. */
export class TopicFollower {
  private readonly furthest = new Map<string, number>();
  private readonly ended = new Set<string>();
  private readonly closing = new AbortController();
  private readonly waiting = new Set<() => void>();
  private readonly reading: Promise<void>;

  constructor(log: LogReader, topic: AccountTopic) {
    this.reading = this.read(log, topic);
    this.reading.catch(() => {}); // Told to whoever waits.
  }

  /** Resolves when the topic holds the last places of these records of one session each. */
  until(records: readonly RecordOf<AccountTopic>[]): Promise<void> {
    return this.waitFor(() => records.every((record) => (this.furthest.get(record.camera) ?? -1) >= lastPlace(record).seq));
  }

  /** Resolves when each of these recordings has ended. */
  untilEnded(cameras: readonly string[]): Promise<void> {
    return this.waitFor(() => cameras.every((camera) => this.ended.has(camera)));
  }

  /** Resolves when a camera has come so far in its session. */
  untilPlace(camera: string, seq: number): Promise<void> {
    return this.waitFor(() => (this.furthest.get(camera) ?? -1) >= seq);
  }

  /** Resolves when so many more places of each camera are there than now. */
  async goesOn(cameras: readonly string[], places: number): Promise<void> {
    const before = this.furthestOf(cameras);
    await Promise.all(cameras.map((camera, index) => this.untilPlace(camera, (before[index] ?? -1) + places)));
  }

  /** How far each camera has come in its session; -1 before its first record. */
  furthestOf(cameras: readonly string[]): number[] {
    return cameras.map((camera) => this.furthest.get(camera) ?? -1);
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.reading;
  }

  /** What is away comes back; then it reads again from the beginning. */
  private async read(log: LogReader, topic: AccountTopic): Promise<void> {
    while (!this.closing.signal.aborted) {
      await this.follow(log, topic).catch((error: unknown) => {
        if (fateOf(error) !== 'retry') throw error;
      });
    }
  }

  private async follow(log: LogReader, topic: AccountTopic): Promise<void> {
    for await (const record of await streamTopic(log, topic, { from: 'beginning', follow: true, signal: this.closing.signal })) {
      this.furthest.set(record.camera, Math.max(lastPlace(record).seq, this.furthest.get(record.camera) ?? -1));
      if (record.type === 'mark' && record.mark === 'end') this.ended.add(record.camera);
      for (const wake of this.waiting) wake();
    }
  }

  private async waitFor(isSo: () => boolean): Promise<void> {
    while (!isSo()) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.waiting.add(resolve);
      await Promise.race([promise, this.reading.then(() => Promise.reject(new Error('The topic is read no more.')))]);
      this.waiting.delete(resolve);
    }
  }
}
