import { describe, expect, it } from 'vitest';
import { parseConfiguration } from '../../../engine/config/read-configuration.ts';

function stateOf(text: string, environment: NodeJS.ProcessEnv = {}) {
  return parseConfiguration(text, 'ocelli.yaml', { environment }).state;
}

function redisOf(text: string, environment: NodeJS.ProcessEnv = {}) {
  const state = stateOf(text, environment);
  if (state.kind !== 'redis') throw new Error('That is no Redis.');
  return { ...state, url: state.url.reveal() };
}

function refusal(text: string): string {
  try {
    stateOf(text);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('was not refused');
}

describe('where state is kept', () => {
  it('is a SQLite file unless it is said', () => {
    expect(stateOf('')).toEqual({ kind: 'sqlite', path: 'data/ocelli.db' });
    expect(stateOf('state: sqlite:/var/lib/state.db')).toEqual({ kind: 'sqlite', path: '/var/lib/state.db' });
  });

  it('is the file of a SQLite log that lies elsewhere', () => {
    expect(stateOf('log: sqlite:other.db')).toEqual({ kind: 'sqlite', path: 'other.db' });
    expect(stateOf('log: kafka://broker-1:9092')).toEqual({ kind: 'sqlite', path: 'data/ocelli.db' });
  });

  it('may be an address of Redis', () => {
    expect(redisOf('state: redis://redis-1:6379/0')).toEqual({
      kind: 'redis',
      url: 'redis://redis-1:6379/0',
      prefix: 'ocelli:',
      cluster: false,
      timeoutMs: 2_000,
    });
    expect(redisOf('state: rediss://redis-1').url).toBe('rediss://redis-1');
  });

  it('may be an address with options', () => {
    const text = 'state: { url: "rediss://redis-1:6380", prefix: "hall-2:", ca: tls/ca.pem, cluster: true, timeout: 500 }';
    expect(redisOf(text)).toMatchObject({ prefix: 'hall-2:', ca: 'tls/ca.pem', cluster: true, timeoutMs: 500 });
  });

  it.each(['state: redis://ocelli:${PW}@redis-1:6379/0', 'state: { url: "redis://ocelli:${PW}@redis-1:6379/0" }'])(
    'takes a password with any character from the environment, and never prints it: %s',
    (text) => {
      const environment = { PW: 'a:b@c/#%' };
      expect(decodeURIComponent(new URL(redisOf(text, environment).url).password)).toBe(environment.PW);
      expect(JSON.stringify(stateOf(text, environment))).toContain('"redis://***@redis-1:6379/0"');
    },
  );

  it.each([
    [
      'state: postgres://db',
      'ocelli.yaml:1:8: state expected sqlite:path/to/file.db, redis://user:password@host:6379/0, or a mapping with url',
    ],
    ['state: 5', 'ocelli.yaml:1:8: state expected sqlite:path/to/file.db, redis://user:password@host:6379/0, or a mapping with url'],
    ['state: "redis://"', 'ocelli.yaml:1:8: state has no host; expected redis://host:6379/0'],
    ['state: redis://h:70000', 'ocelli.yaml:1:8: state is not a valid address; expected redis://user:password@host:6379/0'],
    [
      'state: redis://h/blue',
      'ocelli.yaml:1:8: state ends with something else than the number of a database; expected redis://host:6379/0',
    ],
    ['state: redis://me@h', 'ocelli.yaml:1:8: state has a user without a password; expected redis://user:password@host:6379/0'],
    ['state: "redis://h?db=1"', 'ocelli.yaml:1:8: state has options behind ? or #; write them beside url: state: { url: …, prefix: … }'],
    ['state:\n  url: http://h', 'ocelli.yaml:2:8: state.url has the scheme http:; expected redis:// or rediss://'],
    ['state:\n  prefix: a', 'ocelli.yaml:2:3: state.url is missing'],
    ['state:\n  url: redis://h\n  prefx: a', 'ocelli.yaml:3:3: state.prefx is not a key; did you mean "prefix"?'],
    ['state:\n  url: redis://h\n  prefix: "{a}"', 'ocelli.yaml:3:11: state.prefix expected 1 to 64 letters, digits, . : _ or -; got "{a}"'],
    ['state:\n  url: redis://h\n  ca: ca.pem', 'ocelli.yaml:2:3: state has a ca, which is of use with rediss:// only'],
    ['state:\n  url: redis://h/1\n  cluster: true', 'ocelli.yaml:2:3: state names a database; a Redis Cluster has database 0 only'],
  ])('is refused: %j', (text, sentence) => {
    expect(refusal(text)).toBe(sentence);
  });

  it('is refused without its password in the sentence', () => {
    expect(refusal('state: redis://me:hidden@h/blue')).not.toContain('hidden');
  });
});
