import { OcelliError } from '../../errors.ts';
import type { Log, Position } from '../../log/log.ts';
import type { AccountTopic } from './account-topic.ts';

/** The last record that is in the saved state. Tells whether a log is the one that the state was made from. */
export interface LastInput {
  readonly position: Position;
  readonly id: string;
}

/** No camera has such a name. */
export const LAST_INPUT_KEY = '#last';

export function encodeLastInput(last: LastInput): Uint8Array {
  return Buffer.from(JSON.stringify(last));
}

export function decodeLastInput(bytes: Uint8Array | undefined): LastInput | undefined {
  return bytes === undefined ? undefined : (JSON.parse(Buffer.from(bytes).toString()) as LastInput);
}

/**
 * Looks for the last record of the state where it stood. Bounds alone do not tell a log that was replaced, or had lost its end, and has
 * grown again. Where retention has taken the record, nothing can be said.
 * @throws OcelliError STATE_POSITION_LOST
 */
export async function checkLastInput(task: string, log: Log, topic: AccountTopic, partition: number, last: LastInput): Promise<void> {
  const { start } = await log.bounds(topic, partition);
  if (last.position < start) return;
  const { entries } = await log.read(topic, partition, { from: last.position, limit: 1 });
  const found = entries[0];
  if (found?.position === last.position && found.record.id === last.id) return;
  const stands = found?.position === last.position ? `record ${found.record.id}` : 'no record';
  throw new OcelliError(
    'STATE_POSITION_LOST',
    `The state of task ${task} was made from another log: its last record is ${last.id} at position ${last.position} of ${topic}, where this log has ${stands}. Use the log and the state of one site, restored from one backup.`,
    { task, topic, ...last },
  );
}
