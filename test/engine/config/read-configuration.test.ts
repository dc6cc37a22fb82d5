import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parseConfiguration, readConfiguration } from '../../../engine/config/read-configuration.ts';

const folder = mkdtempSync(join(tmpdir(), 'ocelli-config-'));

function parse(text: string, environment: NodeJS.ProcessEnv = {}) {
  return parseConfiguration(text, '/site/ocelli.yaml', { environment, operators: { track: z.strictObject({ coastMs: z.int() }) } });
}

function refusal(text: string, environment: NodeJS.ProcessEnv = {}): string {
  try {
    parse(text, environment);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('was not refused');
}

const camera = (line: string) => `cameras:\n  - id: dock-1\n    ${line}\n`;

describe('a configuration file', () => {
  it('gets every default', () => {
    const { cameras, model, log, server } = parse('cameras: [{ id: dock-1, url: "rtsp://192.0.2.1/s" }]');
    expect(cameras[0]).toMatchObject({ fps: 10, freshness: 500, transport: 'tcp', pace: 'fast', view: 640, enabled: true });
    expect({ model, log, server }).toEqual({
      model: 'models/parcels',
      log: { kind: 'sqlite', path: 'data/ocelli.db' },
      server: { host: '127.0.0.1', port: 8080 },
    });
  });

  it('may be empty', () => {
    expect(parse('').cameras).toEqual([]);
  });

  it('may begin with a byte order mark', () => {
    expect(parse('\uFEFFcameras: []').cameras).toEqual([]);
  });

  it.each([
    ['file:clips/a b.mp4', 'file:///site/clips/a%20b.mp4'],
    ['file:clips/50%.mp4', 'file:///site/clips/50%25.mp4'],
    ['file:///clips/a%20b.mp4', 'file:///clips/a%20b.mp4'],
  ])('finds the file that people mean: %s', (written, meant) => {
    expect(parse(camera(`url: ${written}`)).cameras[0]?.url.reveal()).toBe(meant);
  });

  it.each(['file://host/a.mp4', 'file:///a%2Fb.mp4', 'file:///a%.mp4'])('refuses what names no file here: %s', (url) => {
    expect(() => parse(camera(`url: ${url}`))).toThrow('cameras[0].url names no file of this machine; expected file:path/to/clip.mp4');
  });

  it('takes settings of an operator under its name', () => {
    expect(parse('track: { coastMs: 900 }')['track']).toEqual({ coastMs: 900 });
  });
});

describe('passwords', () => {
  it.each(['a@b', 'a:b', 'a/b', 'a#b', 'a%b', 'ä €'])('may hold any character when they come from the environment: %s', (password) => {
    const { url } = parse(camera('url: rtsp://viewer:${PW}@192.0.2.1:8554/s'), { PW: password }).cameras[0] as {
      url: { reveal(): string };
    };
    const read = new URL(url.reveal());
    expect(decodeURIComponent(read.password)).toBe(password);
    expect(read.host).toBe('192.0.2.1:8554');
  });

  it('may hold characters that an address would escape, also when written into the file', () => {
    const { url } = parse(camera('url: "rtsp://viewer:a:b/#c@192.0.2.1/s"')).cameras[0] as { url: { reveal(): string } };
    expect(decodeURIComponent(new URL(url.reveal()).password)).toBe('a:b/#c');
  });

  it('never show when a configuration is printed', () => {
    const { cameras } = parse(camera('url: rtsp://viewer:hunter2@192.0.2.1/s'));
    expect(`${JSON.stringify(cameras)} ${cameras[0]?.url}`).not.toContain('hunter2');
  });

  it('never show in a refusal', () => {
    expect(refusal(camera('url: "rtsp://viewer:hunter2@192.0.2.1:99999/s"'))).not.toContain('hunter2');
  });
});

describe('what is wrong is told with file, line and column', () => {
  it.each([
    ['an unknown key, with a suggestion', camera('ulr: x'), '/site/ocelli.yaml:3:5: cameras[0].ulr is not a key; did you mean "url"?'],
    ['an unknown key of an operator', 'track:\n  coastMS: 1', ':2:3: track.coastMS is not a key; did you mean "coastMs"?'],
    ['a missing value', 'cameras:\n  - id: dock-1', ':2:5: cameras[0].url is missing'],
    ['text for a number', camera('url: rtsp://h/s\n    fps: "5"'), ':4:10: cameras[0].fps expected a number; got "5"'],
    ['a number out of range', camera('url: rtsp://h/s\n    fps: 0'), ':4:10: cameras[0].fps expected at least 0.1; got 0'],
    ['a negative number', camera('url: rtsp://h/s\n    freshness: -1'), ':4:16: cameras[0].freshness expected at least 50; got -1'],
    ['not a number', camera('url: rtsp://h/s\n    fps: .nan'), ':4:10: cameras[0].fps expected a number; got NaN'],
    ['infinity', camera('url: rtsp://h/s\n    fps: .inf'), ':4:10: cameras[0].fps expected a number; got Infinity'],
    [
      'a duplicate id',
      `${camera('url: rtsp://h/s')}  - { id: dock-1, url: rtsp://h/t }`,
      'as is cameras[0].id; every camera needs an id of its own',
    ],
    ['a duplicate key', 'model: a\nmodel: b', ':2:1: map keys must be unique'],
    ['a tab', 'cameras:\n\t- id: x', ':2:1: tabs are not allowed as indentation'],
    [
      'an unset variable',
      camera('url: rtsp://u:${DOCK_PASSWORD}@h/s'),
      ':3:10: cameras[0].url needs the environment variable DOCK_PASSWORD, which is not set',
    ],
    ['a time zone that does not exist', 'timezone: Europe/Berlim', ':1:11: timezone expected a time zone such as Europe/Berlin'],
  ])('%s', (_name, text, sentence) => {
    expect(refusal(text)).toContain(sentence);
  });

  it('all problems at once', () => {
    expect(refusal('modle: x\nkeep: much').split('\n')).toHaveLength(2);
  });

  it('a bomb of aliases', () => {
    const lines = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...[...'bcdefg'].map((name, i) => `${name}: &${name} [${Array(9).fill(`*${'abcdefg'[i]}`).join(',')}]`),
    ];
    expect(refusal(lines.join('\n'))).toContain('too many aliases');
  });
});

describe('addresses that are refused', () => {
  it.each([
    ['', 'is empty'],
    ['http://192.0.2.1/s', 'has the scheme http:'],
    ['concat:a|b', 'has the scheme concat:'],
    ['-i x', 'has no scheme'],
    ['rtsp:///s', 'has no host'],
    ['rtsp://h:0/s', 'port 0'],
    ['rtsp://h:70000/s', 'port from 1 to 65535'],
    ['rtsp://h/\\n', 'control character'],
    ['rtsp://h/\\0', 'control character'],
    [`rtsp://h/${'x'.repeat(4096)}`, 'characters long'],
    ['rtsp://169.254.169.254/latest', 'metadata service'],
    ['rtsp://2852039166/latest', 'metadata service'],
    ['rtsp://0xa9.254.43518:80/latest', 'metadata service'],
    ['rtsp://[::ffff:169.254.169.254]/latest', 'metadata service'],
    ['rtsp://metadata.google.internal./', 'metadata service'],
  ])('%s', (url, reason) => {
    expect(refusal(`cameras:\n  - id: dock-1\n    url: "${url}"`)).toContain(reason);
  });
});

describe('addresses that are taken', () => {
  it.each([
    ['rtsp://[2001:db8::1]:8554/s', 'rtsp://[2001:db8::1]:8554/s'],
    ['rtsps://kamera.münchen.example/s', 'rtsps://kamera.xn--mnchen-3ya.example/s'],
    ['rtsp://viewer:pw@Kamera.München.example:8554/s', 'rtsp://viewer:pw@kamera.xn--mnchen-3ya.example:8554/s'],
    ['RTSP://h/s', 'rtsp://h/s'],
  ])('%s', (url, meant) => {
    expect(parse(camera(`url: "${url}"`)).cameras[0]?.url.reveal()).toBe(meant);
  });
});

describe('ids that are refused', () => {
  it.each(['../x', 'a b', '""', 'x'.repeat(65), '__proto__'])('%s', (id) => {
    expect(refusal(`cameras:\n  - url: rtsp://h/s\n    id: ${id}`)).toContain('expected 1 to 64 letters, digits');
  });
});

describe('a file that cannot be read', () => {
  it('is not there', () => {
    expect(() => readConfiguration(join(folder, 'none.yaml'))).toThrow(/There is no configuration file/);
  });

  it('is a folder', () => {
    expect(() => readConfiguration(folder)).toThrow(/is a folder; expected a configuration file/);
  });

  it('is not UTF-8', () => {
    const file = join(folder, 'latin1.yaml');
    writeFileSync(file, Buffer.from('model: "\xe4"', 'latin1'));
    expect(() => readConfiguration(file)).toThrow(/not UTF-8/);
  });
});
