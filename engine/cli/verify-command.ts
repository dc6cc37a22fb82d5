import { OcelliError } from '../errors.ts';
import { type Account, type AccountOptions, type Breach, type CameraAccount, checkAccount } from '../records/account.ts';
import { EXIT } from './exit-codes.ts';
import { readRecords } from './ndjson.ts';
import { printTable } from './table.ts';

const SHOWN = 20;

export interface VerifyOptions extends Omit<AccountOptions, 'topic'> {
  /** Without it that of the first frame in the export. */
  readonly topic?: AccountOptions['topic'];
  readonly json: boolean;
}

/** Holds promise 1 against an export of `detections` or `tracks`. Exit 0 when every place is covered exactly once, else 1, also for an
 * empty export. */
export async function verifyCommand(file: string, options: VerifyOptions): Promise<number> {
  const records = await Array.fromAsync(readRecords(file));
  const found = topicOf(records);
  const { topic = found ?? 'detections' } = options;
  if (found !== undefined && found !== topic)
    throw wrong(file, `holds records of the topic ${found}, not of ${topic}: say --topic ${found}`);
  const account = checkAccount(records, { ...options, topic });
  if (account.cameras.size === 0 && account.breaches.length > 0) throw noRecord(file, topic, account.breaches);
  if (options.json) console.log(JSON.stringify({ breaches: account.breaches, cameras: Object.fromEntries(account.cameras) }));
  else printAccount(file, account);
  return account.breaches.length === 0 && account.cameras.size > 0 ? EXIT.ok : EXIT.failed;
}

/** Gaps and marks are alike in both topics; frames tell them apart. */
function topicOf(records: readonly unknown[]): AccountOptions['topic'] | undefined {
  const types = records.map((record) => (record as { readonly type?: unknown } | null)?.type);
  return types.find((type) => type === 'detections' || type === 'tracks');
}

function noRecord(file: string, topic: string, [first, ...others]: readonly Breach[]): OcelliError {
  const all = others.length === 0 ? '' : ', and the others are none either';
  return wrong(file, `holds no record of the topic ${topic}. Line ${first?.line}: ${first?.sentence}${all}`);
}

function wrong(file: string, words: string): OcelliError {
  return new OcelliError('INPUT_INVALID', `${file} ${words}.`, { file });
}

function printAccount(file: string, { breaches, cameras }: Account): void {
  if (cameras.size === 0 && breaches.length === 0) {
    console.log(`${file} holds no record: there is nothing to check.`);
    return;
  }
  printTable(['camera', 'sessions', 'frames', 'objects', 'gaps', 'marks'], [...cameras].map(rowOf));
  console.log();
  for (const { line, camera, kind, sentence } of breaches.slice(0, SHOWN)) console.log(`${file}:${line}: ${camera} ${kind}: ${sentence}`);
  if (breaches.length > SHOWN) console.log(`… and ${breaches.length - SHOWN} more`);
  console.log(
    breaches.length === 0
      ? 'Every place is covered exactly once.'
      : `${breaches.length} ${breaches.length === 1 ? 'breach' : 'breaches'} of the account.`,
  );
}

function rowOf([camera, { sessions, frames, objects, gaps, marks }]: [string, CameraAccount]): string[] {
  const told = Object.entries(gaps).map(([reason, places]) => `${places} ${reason}`);
  return [camera, String(sessions), String(frames), String(objects), told.join(', ') || '–', String(marks)];
}
