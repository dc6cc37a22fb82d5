import { OcelliError } from '../../engine/errors.ts';
import type { Account } from './authorization.ts';
import type { Corruption } from './corruption.ts';

/** What is wrong with a camera until another order says otherwise. */
export interface Faults {
  /** The connection stays and requests are answered, but no data comes. Afterwards it goes on at a key frame; what was due in between is lost. */
  readonly freeze: boolean;
  /** A port of its own is closed, so that TCP connections are refused; on the shared port the answer is 503 and the end. */
  readonly refuse: boolean;
  /** Connections are accepted, nothing is answered. */
  readonly mute: boolean;
  /** DESCRIBE and SETUP are answered with 404. */
  readonly notFound: boolean;
  /** All but OPTIONS needs this account. */
  readonly password: Account | null;
  /** DESCRIBE and SETUP are answered with 302 and this URL. */
  readonly redirect: string | null;
  readonly corrupt: Corruption | null;
  /** Name of the clip that is shown; null is the camera's own. */
  readonly clip: string | null;
  /** Time from the answer to PLAY to the first packet. */
  readonly slowStartMs: number;
  /** 2 shows twice as many frames a second, with true times in the packets. */
  readonly speed: number;
}

/** An order: faults to set (the others stay), and things that happen once. */
export type Order = Partial<Faults> & {
  /** Hangs up on all viewers: in order, or with a TCP reset. */
  readonly disconnect?: 'close' | 'reset';
  /** Nothing is sent for so long, then all that was due at once, with its true times. */
  readonly burstMs?: number;
  /** The clock that stamps the packets jumps, forward or back; the pictures keep coming at their pace. */
  readonly clockJumpMs?: number;
};

export const NO_FAULTS: Faults = {
  freeze: false,
  refuse: false,
  mute: false,
  notFound: false,
  password: null,
  redirect: null,
  corrupt: null,
  clip: null,
  slowStartMs: 0,
  speed: 1,
};

type Reader<Value> = (value: unknown, field: string) => Value;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

const READERS: { readonly [Field in keyof Order]-?: Reader<Order[Field] | undefined> } = {
  freeze: flag,
  refuse: flag,
  mute: flag,
  notFound: flag,
  password: orNull(account),
  redirect: orNull(rtspUrl),
  corrupt: orNull(corruption),
  clip: orNull(text),
  slowStartMs: numberFrom(0, 10 * MINUTE_MS),
  speed: numberFrom(0.01, 16),
  disconnect,
  burstMs: numberFrom(0, MINUTE_MS),
  clockJumpMs: numberFrom(-DAY_MS, DAY_MS),
};

/** Reads an order from JSON. Throws a sentence that names the field, what it expects and what came. */
export function parseOrder(input: unknown): Order {
  return Object.fromEntries(
    Object.entries(record(input, 'the order')).map(([field, value]) => {
      const reader = Object.hasOwn(READERS, field) ? READERS[field as keyof Order] : undefined;
      if (reader === undefined) throw invalid(`unknown order "${field}", known are: ${Object.keys(READERS).join(', ')}`);
      return [field, reader(value, field)];
    }),
  );
}

/** The lasting part of an order, laid over what was before. */
export function withOrder(faults: Faults, { disconnect: _once, burstMs: _hold, clockJumpMs: _jump, ...lasting }: Order): Faults {
  return { ...faults, ...lasting };
}

function flag(value: unknown, field: string): boolean {
  if (typeof value === 'boolean') return value;
  throw wrong(field, 'true or false', value);
}

function numberFrom(lowest: number, highest: number): Reader<number> {
  return (value, field) => {
    if (typeof value === 'number' && value >= lowest && value <= highest) return value;
    throw wrong(field, `a number from ${lowest} to ${highest}`, value);
  };
}

function text(value: unknown, field: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw wrong(field, 'a text that is not empty', value);
}

/** It goes into a header as it is, so it must not hold a line break; whether something answers there is the test's affair. */
function rtspUrl(value: unknown, field: string): string {
  const url = text(value, field);
  if (URL.canParse(url) && !/[\s\p{Cc}]/u.test(url)) return url;
  throw wrong(field, 'a URL such as "rtsp://127.0.0.1:8554/dock-1"', value);
}

function disconnect(value: unknown, field: string): 'close' | 'reset' | undefined {
  if (value === false) return undefined;
  if (value === true || value === 'close') return 'close';
  if (value === 'reset') return 'reset';
  throw wrong(field, 'true, "close" or "reset"', value);
}

function account(value: unknown, field: string): Account {
  const { scheme, user, password, qop = false, ...rest } = record(value, field);
  noMore(rest, field, 'scheme, user, password, qop');
  if (scheme !== 'basic' && scheme !== 'digest') throw wrong(`${field}.scheme`, '"basic" or "digest"', scheme);
  return { scheme, user: text(user, `${field}.user`), password: text(password, `${field}.password`), qop: flag(qop, `${field}.qop`) };
}

function corruption(value: unknown, field: string): Corruption {
  const { rate, seed = 1, ...rest } = record(value, field);
  noMore(rest, field, 'rate, seed');
  return { rate: numberFrom(0, 1)(rate, `${field}.rate`), seed: numberFrom(0, 0xffff_ffff)(seed, `${field}.seed`) };
}

function orNull<Value>(reader: Reader<Value>): Reader<Value | null> {
  return (value, field) => (value === null ? null : reader(value, field));
}

function record(value: unknown, field: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw wrong(field, 'an object', value);
}

function noMore(rest: object, field: string, known: string): void {
  const [extra] = Object.keys(rest);
  if (extra !== undefined) throw invalid(`unknown field "${field}.${extra}", known are: ${known}`);
}

/** What came is shown by its kind alone where it could hold a password. */
function wrong(field: string, expected: string, value: unknown): Error {
  const shown = field.startsWith('password') ? `something else (${typeof value})` : JSON.stringify(value);
  return invalid(`"${field}" must be ${expected}, got ${shown}`);
}

function invalid(message: string): OcelliError {
  return new OcelliError('INPUT_INVALID', message);
}
