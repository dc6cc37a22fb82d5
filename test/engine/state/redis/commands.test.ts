import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const FOLDER = 'engine/state/redis/commands';
const files = readdirSync(FOLDER);

/** The numbers n of `KEYS[n]` or `ARGV[n]` in a text; `KEYS[3…]` counts as 3. */
function numbersOf(array: 'KEYS' | 'ARGV', text: string): number[] {
  const found = [...text.matchAll(new RegExp(`${array}\\[(\\d+)…?\\]`, 'g'))].map(([, number]) => Number(number));
  return [...new Set(found)].sort((a, b) => a - b);
}

function upTo(last: number): number[] {
  return Array.from({ length: last }, (_, index) => index + 1);
}

describe.each(files)('the script %s', (file) => {
  const source = readFileSync(`${FOLDER}/${file}`, 'utf8');
  const [, header = '', body = ''] = /^--\[\[\n([\s\S]*?)\]\]\n([\s\S]*)$/.exec(source) ?? [];
  const [, count, more] = /-(\d+)(-or-more)?\.lua$/.exec(file) ?? [];

  it('begins with what it guarantees, and with what it answers', () => {
    expect(header).toContain('Guarantee: ');
    expect(header).toContain('Answers {');
  });

  it('names as many keys as the file does, and every argument that it uses', () => {
    const keys = Number(count) + (more === undefined ? 0 : 1);
    expect(numbersOf('KEYS', header)).toEqual(expect.arrayContaining(upTo(keys)));
    expect(Math.max(...numbersOf('KEYS', header))).toBe(keys);
    expect(numbersOf('KEYS', body).every((number) => number <= keys)).toBe(true);
    const described = numbersOf('ARGV', header);
    expect(described).toEqual(upTo(described.length));
    expect(numbersOf('ARGV', body)).toEqual(described);
  });

  it('touches no key that it was not given', () => {
    const touched = [...body.matchAll(/redis\.call\('\w+', ([\w[\]]+)/g)].map(([, key = '']) => key);
    const given = new Set([...body.matchAll(/^local ([\w, ]+) = KEYS\[/gm)].flatMap(([, names = '']) => names.split(', ')));
    expect(touched.length).toBeGreaterThan(0);
    expect(touched.filter((key) => !given.has(key) && !['key', 'KEYS[index]'].includes(key))).toEqual([]);
  });

  it('reads and checks before it writes', () => {
    const calls = [...body.matchAll(/redis\.call\('(\w+)'/g)].map(([, command = '']) => command);
    const firstWrite = calls.findIndex((command) => ['HSET', 'HDEL', 'PEXPIRE', 'DEL'].includes(command));
    const behind = firstWrite === -1 ? [] : calls.slice(firstWrite);
    expect(behind.filter((command) => !['HSET', 'HDEL', 'PEXPIRE', 'DEL', 'HLEN', 'HMGET'].includes(command))).toEqual([]);
  });
});
