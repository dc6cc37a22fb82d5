import { OcelliError, sentenceOf } from '../../errors.ts';
import type { Log, Position } from '../../log/log.ts';
import { firstPlace, recordId } from '../../records/place.ts';
import type { DeadLetterRecord } from '../../records/record.ts';
import type { Topic } from '../../records/topic.ts';
import { type Input, readInputs } from './input-reader.ts';
import { cameraOf, outlineOf } from './unreadable.ts';

const PAGE_RECORDS = 256;

/** Stands in a dead letter for the camera of a record of which not even that can be read. */
const NOBODY = { camera: 'unknown', session: 0, seq: 0 };

/** The record that could not be processed, where it stood, which task (`name/partition`) met it, and why. */
export function deadLetterOf(task: string, topic: Topic, input: Input<Topic>, error: unknown): DeadLetterRecord {
  const { camera, session, seq, time, record } = 'record' in input ? known(input.record) : unknown(input.unreadable);
  const code = error instanceof OcelliError ? error.code : 'OPERATOR_FAILED';
  const id = recordId(camera, { session, seq });
  const where = { task, topic, position: input.position };
  return { v: 1, type: 'dead-letter', id, camera, session, seq, time, ...where, code, detail: sentenceOf(error), record };
}

function known(record: Extract<Input<Topic>, { record: unknown }>['record']) {
  const { camera, session, time } = record;
  return { camera, session, seq: firstPlace(record).seq, time, record };
}

function unknown(error: OcelliError) {
  return { ...NOBODY, ...cameraOf(error), ...outlineOf(error), time: 0, record: error.context['body'] ?? null };
}

/**
 * Which dead letters of a task are written already. Several tasks write to the topic, so how far it reaches says nothing here; a letter
 * is the same when topic, position and sentence are. Only letters of inputs that may run again are kept in mind.
 */
export class DeadLetterBox {
  private readonly written: Set<string>;

  private constructor(written: Set<string>) {
    this.written = written;
  }

  /** Reads the letters from `from` on; `since` is the first input of `topic` that may run again. */
  static async open(log: Log, partition: number, { task, topic, from, since }: Letters): Promise<{ box: DeadLetterBox; end: Position }> {
    const isOurs = ({ task: by, ...letter }: DeadLetterRecord) =>
      letter.topic === topic && letter.position >= since && (by === undefined || by === task);
    const written = new Set<string>();
    const { start, end } = await log.bounds('dead-letters', partition);
    let position = Math.max(from, start);
    while (position < end) {
      const { inputs, next } = await readInputs(log, 'dead-letters', partition, { from: position, limit: PAGE_RECORDS });
      for (const input of inputs) {
        if ('record' in input && isOurs(input.record)) written.add(keyOf(input.record));
      }
      position = next;
    }
    return { box: new DeadLetterBox(written), end };
  }

  get empty(): boolean {
    return this.written.size === 0;
  }

  /** True for the first time only. */
  add(letter: DeadLetterRecord): boolean {
    const key = keyOf(letter);
    const isNew = !this.written.has(key);
    this.written.add(key);
    return isNew;
  }

  /** A checkpoint was made: no input before it runs again. */
  forget(): void {
    this.written.clear();
  }
}

interface Letters {
  readonly task: string;
  readonly topic: Topic;
  readonly from: Position;
  readonly since: Position;
}

function keyOf({ position, detail }: DeadLetterRecord): string {
  return `${position} ${detail}`;
}
