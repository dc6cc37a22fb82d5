import type { AnyKeyedOperator } from '../../contract/operator.ts';
import { OcelliError } from '../../errors.ts';
import { describeIssues } from '../../records/describe-issues.ts';
import { firstPlace, recordId } from '../../records/place.ts';
import type { Progress } from '../../records/place-rule.ts';
import type { MarkRecord, StreamRecord } from '../../records/record.ts';
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

const SHOWN_CHARACTERS = 80;

/** What holds in place of the settings of a recorded `settings` mark; `{}` before the first one of a camera. */
export type SettingsChange = (recorded: Readonly<Record<string, unknown>>) => Pick<MarkRecord, 'hash' | 'settings'>;

/**
 * Runs keyed operators over recorded records, given as lines of JSON, and gives what they emit: as a task would, without log, state or
 * clock. The first record of a camera may stand anywhere; after it the place rule holds. For trying a setting on last week, for tests,
 * for evaluation. With `change` other settings than the recorded ones hold, from the first record of a camera on.
 * @throws RECORD_INVALID with the number of the line, and what an operator throws.
 */
export async function* replay(
  lines: AsyncIterable<string>,
  input: AccountTopic,
  operators: readonly AnyKeyedOperator[],
  change?: SettingsChange,
): AsyncGenerator<Emitted> {
  const chain = new OperatorChain(input, operators);
  const cameras = new Map<string, CameraState>();
  let number = 0;
  for await (const line of lines) {
    number += 1;
    const record = changed(parse(line, number, input), change);
    const known = cameras.get(record.camera);
    const camera = known ?? newCameraState(record.camera, operators);
    if (known === undefined && change !== undefined) chain.process(settingsBefore(record, change), camera, new Effects());
    cameras.set(record.camera, camera);
    const effects = new Effects();
    takeInput(record, camera.progress ?? justBefore(record), 'process', camera, chain, effects);
    for (const [topic, records] of effects.records) for (const emitted of records) yield { topic, record: emitted };
  }
}

function changed(record: StreamRecord, change: SettingsChange | undefined): StreamRecord {
  if (change === undefined || record.type !== 'mark' || record.mark !== 'settings') return record;
  return { ...record, ...change(record.settings ?? {}) };
}

/** An export may begin behind the mark that says what holds; what operators emit to this one is not told. */
function settingsBefore(record: StreamRecord, change: SettingsChange): MarkRecord {
  const { camera, time } = record;
  const { session, seq } = justBefore(record);
  return { v: 1, type: 'mark', mark: 'settings', id: recordId(camera, { session, seq }), camera, session, seq, time, ...change({}) };
}

function justBefore(record: StreamRecord): Progress {
  const { session, seq } = firstPlace(record);
  return { session, seq: seq - 1, time: 0 };
}

function parse(line: string, number: number, input: AccountTopic): StreamRecord {
  const parsed = TOPICS[input].schema.safeParse(readJson(line, number));
  if (parsed.success) return parsed.data;
  const issues = describeIssues(parsed.error.issues);
  throw new OcelliError('RECORD_INVALID', `Line ${number} is no record of the topic ${input}: ${issues}`, { line: number });
}

function readJson(line: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    const shown = JSON.stringify(line.slice(0, SHOWN_CHARACTERS));
    throw new OcelliError('RECORD_INVALID', `Line ${number} is no JSON: ${shown}.`, { line: number, cause });
  }
}
