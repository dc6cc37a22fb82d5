import type { StreamRecord } from '../../records/record.ts';
import type { RecordOf, Topic } from '../../records/topic.ts';

/** A topic that tells the whole account of a camera: its records cover every place once, gaps and marks included. */
export type AccountTopic = { [T in Topic]: RecordOf<T> extends StreamRecord ? T : never }[Topic];

const ACCOUNT_TOPICS: readonly Topic[] = ['detections', 'tracks'] satisfies readonly AccountTopic[];

export function isAccountTopic(topic: Topic): topic is AccountTopic {
  return ACCOUNT_TOPICS.includes(topic);
}
