import { OcelliError } from '../../errors.ts';
import type { Log, Position, ReadRequest } from '../../log/log.ts';
import type { RecordOf, Topic } from '../../records/topic.ts';

/** One input of a task: a record, or the error of one that cannot be parsed. */
export type Input<T extends Topic> =
  | { readonly position: Position; readonly record: RecordOf<T> }
  | { readonly position: Position; readonly unreadable: OcelliError };

export interface InputBatch<T extends Topic> {
  readonly inputs: readonly Input<T>[];
  readonly next: Position;
}

/** Reads on in a partition. A record that cannot be parsed comes as an input of its own instead of ending the reading. */
export async function readInputs<T extends Topic>(log: Log, topic: T, partition: number, request: ReadRequest): Promise<InputBatch<T>> {
  try {
    const { entries, next } = await log.read(topic, partition, request);
    return { inputs: entries, next };
  } catch (error) {
    const position = positionOfUnreadable(error);
    if (position === undefined) throw error;
    return { inputs: [{ position, unreadable: error as OcelliError }], next: position + 1 };
  }
}

function positionOfUnreadable(error: unknown): Position | undefined {
  if (!(error instanceof OcelliError) || error.code !== 'RECORD_INVALID') return undefined;
  const { position } = error.context;
  return typeof position === 'number' ? position : undefined;
}
