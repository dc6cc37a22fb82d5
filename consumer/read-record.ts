import { z } from 'zod';
import { describeIssues } from '../engine/records/describe-issues.ts';
import { CAMERA_ID } from '../engine/records/record.ts';
import { type RecordOf, TOPICS, type Topic } from '../engine/records/topic.ts';

const SHOWN_CHARACTERS = 200;
const count = z.int().min(0);

/** What every record of every later version has, and what the place rule stands on. */
const head = z.looseObject({
  v: z.literal(1),
  type: z.string().min(1),
  id: z.string(),
  camera: z.string().regex(CAMERA_ID),
  session: count,
  time: count,
});
const onePlace = z.looseObject({ seq: count });
const places = z
  .looseObject({ from: count, to: count, until: count })
  .refine(({ from, to }) => to >= from, { path: ['to'], error: 'expected a place at or behind `from`' });

type Issue = z.core.$ZodIssue;

/** A line that is no record of the topic; the message says what was expected, what came, and where. */
export class RecordInvalid extends Error {
  override readonly name = 'RecordInvalid';
}

/**
 * A record out of its JSON, as it was written. What a later version may add is no fault: fields, words of an enumeration, kinds of
 * records. So switch over `type`, `mark` and `reason` with a `default`.
 * @param json the value of a Kafka message, or a line of NDJSON
 * @throws RecordInvalid also for the line with which a server ends a stream that failed
 */
export function readRecord<T extends Topic>(topic: T, json: string): RecordOf<T> {
  const value = parseJson(topic, json);
  if (isEndOfStream(value)) throw new RecordInvalid(`The server ended the stream: ${value.error}`);
  const issues = issuesOf(topic, value);
  if (issues.length > 0) throw new RecordInvalid(describe(topic, json, describeIssues(issues)));
  return value as RecordOf<T>;
}

function parseJson(topic: Topic, json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new RecordInvalid(describe(topic, json, (error as Error).message), { cause: error });
  }
}

function isEndOfStream(value: unknown): value is { readonly error: string } {
  const line = value as { readonly type?: unknown; readonly error?: unknown } | null;
  return line?.type === 'error' && typeof line.error === 'string';
}

function issuesOf(topic: Topic, value: unknown): readonly Issue[] {
  const known = head.safeParse(value).error?.issues ?? [];
  if (known.length > 0) return known;
  const place = ((value as object & { from?: unknown }).from === undefined ? onePlace : places).safeParse(value).error?.issues ?? [];
  const details = TOPICS[topic].schema.safeParse(value).error?.issues ?? [];
  return place.length > 0 ? place : details.filter((issue) => !mayCome(issue));
}

/** Fields, words and kinds that this version does not know. */
function mayCome(issue: Issue): boolean {
  if (issue.code === 'unrecognized_keys' || issue.code === 'invalid_value') return true;
  return issue.code === 'invalid_union' && issue.path.join('.') === 'type';
}

function describe(topic: Topic, json: string, problem: string): string {
  const shown = json.length > SHOWN_CHARACTERS ? `${json.slice(0, SHOWN_CHARACTERS)}…` : json;
  return `Expected a record of the topic ${topic}, version 1; ${problem}. Got: ${shown}`;
}
