import { expect } from 'vitest';
import type { LogReader } from '../../../engine/log/index.ts';
import { streamTopic } from '../../../engine/log/topic-stream.ts';
import { checkAccount } from '../../../engine/records/account.ts';
import { PlaceRule } from '../../../engine/records/place-rule.ts';
import type { StreamRecord } from '../../../engine/records/record.ts';
import type { AccountTopic } from '../../../engine/runtime/keyed/account-topic.ts';

/** The last record of each camera. */
export function lastIds(records: readonly StreamRecord[]): ReadonlySet<string> {
  return new Set(new Map(records.map(({ camera, id }) => [camera, id])).values());
}

/** Resolves when all of these records can be read; waits as long as it takes. */
export async function written(log: LogReader, topic: AccountTopic, ids: ReadonlySet<string>): Promise<void> {
  const missing = new Set(ids);
  const stream = await streamTopic(log, topic, { from: 'beginning', follow: true, signal: new AbortController().signal });
  for await (const { id } of stream) {
    missing.delete(id);
    if (missing.size === 0) return;
  }
}

/** What a reader takes of a topic: each place once, and that every place is there. */
export async function readAccount(log: LogReader, topic: AccountTopic): Promise<string[]> {
  const stream = await streamTopic(log, topic, { from: 'beginning', follow: false, signal: new AbortController().signal });
  const records = await Array.fromAsync(stream);
  expect(checkAccount(records, { topic, placeRule: true }).breaches).toEqual([]);
  const rule = new PlaceRule();
  return accountOf(records.flatMap((found) => rule.admit<StreamRecord>(found).record ?? []));
}

/** Camera by camera, without what may differ between two runs. */
export function accountOf(records: readonly StreamRecord[]): string[] {
  const inOrder = [...records].sort((a, b) => a.camera.localeCompare(b.camera));
  return inOrder.map((record) => JSON.stringify({ ...record, timing: undefined }));
}
