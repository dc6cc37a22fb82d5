import { describeIssues } from './describe-issues.ts';
import { firstPlace, lastPlace, recordId } from './place.ts';
import { endTime, PlaceRule } from './place-rule.ts';
import type { GapRecord, StreamRecord } from './record.ts';
import { TOPICS } from './topic.ts';

const MINUTE_MS = 60_000;

/** A place where promise 1 (every frame is accounted for) does not hold. */
export interface Breach {
  /** Number of the record in the export, from 1. */
  readonly line: number;
  readonly camera: string;
  readonly kind: 'invalid' | 'hole' | 'double' | 'overlap' | 'session' | 'time' | 'closed' | 'settings' | 'id';
  readonly sentence: string;
}

/** What an export says of a camera, counted in frames. */
export interface CameraAccount {
  records: number;
  sessions: number;
  frames: number;
  objects: number;
  marks: number;
  readonly gaps: Partial<Record<GapRecord['reason'], number>>;
}

export interface Account {
  readonly breaches: readonly Breach[];
  readonly cameras: ReadonlyMap<string, CameraAccount>;
}

export interface AccountOptions {
  /** Which of the two topics that tell the whole account. */
  readonly topic: 'detections' | 'tracks';
  /** The export begins in the middle: the first record of a camera may stand anywhere. */
  readonly partial?: boolean;
  /** Apply the place rule first, as every reader of a log does that may hold a place twice (Kafka after a crash). */
  readonly placeRule?: boolean;
}

interface Standing {
  readonly last: StreamRecord;
  /** The hash of the settings in force. */
  readonly settings: string | undefined;
  /** `down` or `end` was said in this session. */
  readonly closed: 'down' | 'end' | undefined;
}

/**
 * The place checker: holds promise 1 against the records of a topic, in their order. Inside a session the places 0…last must be covered
 * exactly once; time never falls; what is closed stays closed; every record carries the settings that the mark before it announced.
 */
export function checkAccount(records: Iterable<unknown>, { topic, partial = false, placeRule = false }: AccountOptions): Account {
  const breaches: Breach[] = [];
  const cameras = new Map<string, CameraAccount>();
  const standings = new Map<string, Standing>();
  const rule = new PlaceRule();
  let line = 0;
  for (const raw of records) {
    line += 1;
    const parsed = TOPICS[topic].schema.safeParse(raw);
    if (!parsed.success) {
      const sentence = typeof raw === 'string' ? raw : describeIssues(parsed.error.issues); // What is no JSON says so itself.
      breaches.push({ line, camera: cameraOf(raw), kind: 'invalid', sentence });
      continue;
    }
    const record = placeRule ? rule.admit(parsed.data).record : parsed.data;
    if (record === undefined) continue;
    const before = standings.get(record.camera);
    const found = checkNext(record, before, partial);
    breaches.push(...found.map(({ kind, sentence }) => ({ line, camera: record.camera, kind, sentence })));
    standings.set(record.camera, standingAfter(record, before));
    count(record, before, cameras);
  }
  return { breaches, cameras };
}

type Finding = Pick<Breach, 'kind' | 'sentence'>;

function checkNext(record: StreamRecord, before: Standing | undefined, partial: boolean): Finding[] {
  const checks = [
    checkId(record),
    checkOrder(record, before, partial),
    checkTime(record, before),
    checkClosed(record, before),
    checkSettings(record, before),
  ];
  return checks.filter((finding) => finding !== undefined);
}

function checkId(record: StreamRecord): Finding | undefined {
  const expected = recordId(record.camera, firstPlace(record));
  return record.id === expected ? undefined : { kind: 'id', sentence: `the id is ${record.id}, expected ${expected} from its place` };
}

function checkOrder(record: StreamRecord, before: Standing | undefined, partial: boolean): Finding | undefined {
  const { session, seq } = firstPlace(record);
  if (before === undefined && partial) return undefined;
  if (before === undefined || session > before.last.session) return checkOpening(record);
  if (session < before.last.session) return { kind: 'session', sentence: `session ${session} comes after session ${before.last.session}` };
  const next = lastPlace(before.last).seq + 1;
  if (seq > next) return { kind: 'hole', sentence: `nothing covers the places ${next}…${seq - 1} of session ${session}` };
  if (lastPlace(record).seq < next) return { kind: 'double', sentence: `place ${seq} of session ${session} was covered before` };
  return seq < next ? { kind: 'overlap', sentence: `the places ${seq}…${next - 1} of session ${session} are covered twice` } : undefined;
}

function checkOpening(record: StreamRecord): Finding | undefined {
  const { session, seq } = firstPlace(record);
  if (seq !== 0) return { kind: 'hole', sentence: `session ${session} begins at place ${seq}; nothing covers the places before` };
  const opens = record.type === 'mark' && (record.mark === 'up' || record.mark === 'down');
  return opens ? undefined : { kind: 'session', sentence: `session ${session} begins with ${record.type}, expected the mark up or down` };
}

function checkTime(record: StreamRecord, before: Standing | undefined): Finding | undefined {
  const known = before === undefined ? 0 : endTime(before.last);
  if (record.time < known) return { kind: 'time', sentence: `time falls by ${known - record.time} ms, from ${known} to ${record.time}` };
  // Nobody knows where between its ends the places of a `lost` gap lie.
  if (record.type !== 'gap' || record.reason === 'lost') return undefined;
  const oneMinute = Math.floor(record.time / MINUTE_MS) === Math.floor(record.until / MINUTE_MS);
  return oneMinute ? undefined : { kind: 'time', sentence: 'the gap goes over a full minute; each must lie in one' };
}

function checkClosed(record: StreamRecord, before: Standing | undefined): Finding | undefined {
  if (before?.closed === undefined || record.session !== before.last.session) return undefined;
  const quiet = record.type === 'mark' && record.mark !== 'up';
  const allowed = before.closed === 'down' && quiet;
  return allowed
    ? undefined
    : { kind: 'closed', sentence: `${record.type} after the mark ${before.closed}, which closed session ${record.session}` };
}

function checkSettings(record: StreamRecord, before: Standing | undefined): Finding | undefined {
  if (record.type === 'gap' || record.type === 'mark' || before?.settings === undefined) return undefined;
  if (record.model.settings === before.settings) return undefined;
  return {
    kind: 'settings',
    sentence: `made under the settings ${record.model.settings}; the mark before it announced ${before.settings}`,
  };
}

function standingAfter(record: StreamRecord, before: Standing | undefined): Standing {
  const carried = before !== undefined && before.last.session === record.session ? before : undefined;
  const mark = record.type === 'mark' ? record : undefined;
  const closed = mark?.mark === 'down' || mark?.mark === 'end' ? mark.mark : carried?.closed;
  return { last: record, settings: mark?.mark === 'settings' ? mark.hash : before?.settings, closed };
}

function count(record: StreamRecord, before: Standing | undefined, cameras: Map<string, CameraAccount>): void {
  const account = cameras.get(record.camera) ?? { records: 0, sessions: 0, frames: 0, objects: 0, marks: 0, gaps: {} };
  cameras.set(record.camera, account);
  account.records += 1;
  if (before?.last.session !== record.session) account.sessions += 1;
  if (record.type === 'mark') account.marks += 1;
  else if (record.type === 'gap') account.gaps[record.reason] = (account.gaps[record.reason] ?? 0) + record.to - record.from + 1;
  else {
    account.frames += 1;
    account.objects += record.objects.length;
  }
}

function cameraOf(raw: unknown): string {
  const camera = (raw as { readonly camera?: unknown } | null)?.camera;
  return typeof camera === 'string' ? camera : '?';
}
