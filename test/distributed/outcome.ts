import { deserialize } from 'node:v8';
import type { LogReader } from '../../engine/log/index.ts';
import { streamTopic } from '../../engine/log/topic-stream.ts';
import { admit, type Progress } from '../../engine/records/place-rule.ts';
import type { RecordOf } from '../../engine/records/topic.ts';
import { LAST_INPUT_KEY } from '../../engine/runtime/keyed/last-input.ts';

export type AccountTopic = 'detections' | 'tracks';

/** What a run said and what it knows at the end, without what may differ between two runs (`timing`). */
export interface Outcome {
  /** Records as JSON, by camera, in their order. */
  readonly detections: Readonly<Record<string, readonly string[]>>;
  readonly tracks: Readonly<Record<string, readonly string[]>>;
  /** What the tasks keep of each camera. */
  readonly state: Readonly<Record<string, unknown>>;
}

type Reader = (records: readonly RecordOf<AccountTopic>[]) => readonly RecordOf<AccountTopic>[];

/** Every record of a topic as it lies there. */
export async function recordsOf(log: LogReader, topic: AccountTopic): Promise<RecordOf<AccountTopic>[]> {
  return Array.fromAsync(await streamTopic(log, topic, { from: 'beginning', follow: false, signal: new AbortController().signal }));
}

/** As a reader takes them: the first record that covers a place is the truth. */
export const byPlace: Reader = (records) => {
  const before = new Map<string, Progress>();
  return records.flatMap((read) => {
    const { record, progress } = admit(read, before.get(read.camera));
    before.set(read.camera, progress);
    return record === undefined ? [] : [record];
  });
};

/** As a reader would who took ids for what tells records apart: wrong. */
export const byId: Reader = (records) => {
  const seen = new Set<string>();
  return records.filter(({ id }) => !seen.has(id) && seen.add(id));
};

/** Records by camera, as JSON. */
export function comparable(records: readonly RecordOf<AccountTopic>[]): Record<string, string[]> {
  const cameras = Map.groupBy(records, ({ camera }) => camera);
  return Object.fromEntries(
    [...cameras].map(([camera, own]) => [camera, own.map((record) => JSON.stringify({ ...record, timing: undefined }))]),
  );
}

/** State as the store has it, by camera. */
export function comparableState(stored: Iterable<readonly [string, Uint8Array]>): Record<string, unknown> {
  return Object.fromEntries([...stored].filter(([key]) => key !== LAST_INPUT_KEY).map(([camera, bytes]) => [camera, deserialize(bytes)]));
}
