import type { AnyKeyedOperator } from '../../contract/operator.ts';
import { OcelliError } from '../../errors.ts';
import { firstPlace } from '../../records/place.ts';
import type { Progress } from '../../records/place-rule.ts';
import type { StreamRecord } from '../../records/record.ts';
import { type AnyRecord, TOPICS, type Topic } from '../../records/topic.ts';
import type { AccountTopic } from './account-topic.ts';
import { type CameraState, newCameraState } from './camera-state.ts';
import { Effects } from './effects.ts';
import { OperatorChain } from './operator-chain.ts';
import { takeInput } from './take-input.ts';

export interface Emitted {
  readonly topic: Topic;
  readonly record: AnyRecord;
}

/**
 * Runs keyed operators over recorded records, given as lines of JSON, and gives what they emit: as a task would, without log, state or
 * clock. The first record of a camera may stand anywhere; after it the place rule holds. For trying a setting on last week, for tests,
 * for evaluation.
 * @throws RECORD_INVALID with the number of the line, and what an operator throws.
 */
export async function* replay(
  lines: AsyncIterable<string>,
  input: AccountTopic,
  operators: readonly AnyKeyedOperator[],
): AsyncGenerator<Emitted> {
  const chain = new OperatorChain(input, operators);
  const cameras = new Map<string, CameraState>();
  let number = 0;
  for await (const line of lines) {
    number += 1;
    const record = parse(line, number, input);
    const camera = cameras.get(record.camera) ?? newCameraState(record.camera, operators);
    cameras.set(record.camera, camera);
    const effects = new Effects();
    takeInput(record, camera.progress ?? justBefore(record), 'process', camera, chain, effects);
    for (const [topic, records] of effects.records) for (const emitted of records) yield { topic, record: emitted };
  }
}

function justBefore(record: StreamRecord): Progress {
  const { session, seq } = firstPlace(record);
  return { session, seq: seq - 1, time: 0 };
}

function parse(line: string, number: number, input: AccountTopic): StreamRecord {
  const parsed = TOPICS[input].schema.safeParse(readJson(line));
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'record'}: ${message}`);
  throw new OcelliError('RECORD_INVALID', `Line ${number} is no record of the topic ${input}: ${issues.join('; ')}`, { line: number });
}

function readJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
