import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { describeLog, type LogAddress } from '../../../engine/config/log-address.ts';
import { parseConfiguration } from '../../../engine/config/read-configuration.ts';

const PASSWORD = 'p:a@s/s w#rd%';

function logOf(yaml: string): LogAddress {
  return parseConfiguration(`log: ${yaml}`, 'ocelli.yaml', { environment: { PW: PASSWORD } }).log;
}

describe('log:', () => {
  it('takes brokers in one line, with the usual port where none is named', () => {
    expect(logOf('kafka://broker-1:9093,broker-2')).toEqual({
      kind: 'kafka',
      brokers: ['broker-1:9093', 'broker-2:9092'],
      prefix: 'ocelli.',
    });
  });

  it('takes a user with a password of any characters out of the environment, and never prints it', () => {
    const log = logOf('kafka://ocelli:${PW}@broker:9092');
    expect(log).toMatchObject({ brokers: ['broker:9092'], user: { name: 'ocelli', mechanism: 'scram-sha-512' } });
    expect(log.kind === 'kafka' && log.user?.password.reveal()).toBe(PASSWORD);
    for (const printed of [inspect(log, { depth: 9 }), JSON.stringify(log), describeLog(log)]) expect(printed).not.toContain('s w#rd');
    expect(describeLog(log)).toBe('kafka://***@broker:9092');
  });

  it('takes options in a mapping', () => {
    const yaml = '{ url: "kafka://u:p@h", mechanism: plain, tls: true, ca: certs/ca.pem, prefix: north., partitions: 12, replicas: 2 }';
    expect(logOf(yaml)).toMatchObject({
      brokers: ['h:9092'],
      user: { name: 'u', mechanism: 'plain' },
      tls: { ca: 'certs/ca.pem' },
      prefix: 'north.',
      partitions: 12,
      replicas: 2,
    });
  });

  it.each([
    ['another scheme', 'mysql://h', 'expected sqlite:path/to/file.db, kafka://'],
    ['a port that is none', 'kafka://h:70000', 'names the broker h:70000; expected host:port'],
    ['port 0', 'kafka://h:0', 'names the broker h:0; expected host:port, with the port from 1 to 65535'],
    ['a user without a password', 'kafka://ocelli@h', 'has a user without a password'],
    ['options in the address', 'kafka://h?prefix=x', 'write them beside url'],
    ['no broker', 'kafka://', 'is not a valid address'],
    ['a certificate without TLS', '{ url: "kafka://h", ca: ca.pem }', 'of use with tls: true only'],
    ['a session timeout, which is none of its keys', '{ url: "kafka://h", sessionTimeout: 3000 }', 'log.sessionTimeout is not a key'],
    ['a prefix that no topic may have', '{ url: "kafka://h", prefix: "a/b" }', 'expected 1 to 100 letters'],
  ])('refuses %s, with what was expected', (_name, yaml, sentence) => {
    expect(() => logOf(yaml)).toThrow(sentence);
  });

  it('tells what is wrong without the password', () => {
    let sentence = '';
    try {
      logOf('kafka://ocelli:${PW}@h:99999');
    } catch (error) {
      sentence = (error as Error).message;
    }
    expect(sentence).toContain('names the broker h:99999');
    expect(sentence).not.toContain('w#rd');
  });
});
