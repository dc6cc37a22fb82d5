import type { RecordOf, Topic } from '../../engine/records/topic.ts';
import type { SiteProcess } from './site-process.ts';

/** The records of a topic, from its beginning on and as they are committed, as a reader over HTTP gets them; until it takes no more. */
export async function* followRecords<T extends Topic>(running: SiteProcess, topic: T, token?: string): AsyncGenerator<RecordOf<T>> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const answer = await fetch(`${await running.url()}/api/topics/${topic}?from=beginning&follow=true`, { headers });
  if (answer.body === null || !answer.ok) throw new Error(`${topic} cannot be followed: ${answer.status} ${await answer.text()}`);
  let rest = '';
  for await (const text of answer.body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield JSON.parse(line) as RecordOf<T>;
  }
}

/** Resolves with the first record that is what is waited for, as soon as it is committed; rejects when the site ends before. */
export async function firstRecord<T extends Topic>(
  running: SiteProcess,
  topic: T,
  isWanted: (record: RecordOf<T>) => boolean,
  token?: string,
): Promise<RecordOf<T>> {
  for await (const record of followRecords(running, topic, token)) if (isWanted(record)) return record;
  throw new Error(`The site ended before what was waited for in ${topic}:\n${running.output}`);
}

/** Resolves when a topic has so many records, or so many of a kind. */
export async function untilRecords<T extends Topic>(
  running: SiteProcess,
  topic: T,
  count: number,
  isCounted: (record: RecordOf<T>) => boolean = () => true,
): Promise<void> {
  let seen = 0;
  await firstRecord(running, topic, (record) => isCounted(record) && ++seen >= count);
}
