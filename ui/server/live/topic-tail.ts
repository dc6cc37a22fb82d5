import type { Clock } from '../../../engine/clock.ts';
import { sentenceOf } from '../../../engine/errors.ts';
import type { LogReader } from '../../../engine/log/log.ts';
import { streamTopic } from '../../../engine/log/topic-stream.ts';
import type { Logger } from '../../../engine/observe/logger.ts';
import type { RecordOf, Topic } from '../../../engine/records/topic.ts';

const AGAIN_AFTER_MS = 1000;

interface TailOptions<T extends Topic> {
  readonly log: LogReader;
  readonly topic: T;
  /** Only these; all unless told otherwise. */
  readonly partitions?: readonly number[];
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onRecord: (record: RecordOf<T>) => void;
}

/** Follows what is committed to a topic from now on. What it cannot read it passes over, and goes on at the end: it is for looking only. */
export class TopicTail<T extends Topic> {
  /** Resolves when it has ended after `stop`. */
  readonly ended: Promise<void>;
  private readonly abort = new AbortController();
  private readonly options: TailOptions<T>;

  constructor(options: TailOptions<T>) {
    this.options = options;
    this.ended = this.run();
  }

  stop(): Promise<void> {
    this.abort.abort();
    return this.ended;
  }

  private async run(): Promise<void> {
    const { signal } = this.abort;
    while (!signal.aborted) {
      try {
        await this.follow(signal);
      } catch (error) {
        if (signal.aborted) return;
        this.options.logger.warn(
          { topic: this.options.topic, error: sentenceOf(error) },
          'The live view could not read on and begins anew',
        );
        await this.pause(signal);
      }
    }
  }

  private async follow(signal: AbortSignal): Promise<void> {
    const { log, topic, partitions, onRecord } = this.options;
    for await (const record of await streamTopic(log, topic, { partitions, from: 'now', follow: true, signal })) onRecord(record);
  }

  private pause(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.options.clock.after(AGAIN_AFTER_MS, resolve);
      signal.addEventListener(
        'abort',
        () => {
          cancel();
          resolve();
        },
        { once: true },
      );
    });
  }
}
