import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { detected, frame, mark } from '../../records.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { ocelli } from './command-line.ts';

describe('ocelli replay', () => {
  async function replay(lines: readonly unknown[], ...options: string[]) {
    const file = join(temporaryFolder(), 'detections.ndjson');
    writeFileSync(file, lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''));
    const { code, out, err } = await ocelli('replay', file, ...options);
    return { code, records: out.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)])), err };
  }

  it('prints what the operators make of recorded detections', async () => {
    const { code, records } = await replay([mark('up'), frame(1, [detected()]), frame(2, [detected()])], '--topic', 'tracks');
    expect(records.map(({ type, id }) => [type, id])).toEqual([
      ['mark', 'dock-1/1/0'],
      ['tracks', 'dock-1/1/1'],
      ['tracks', 'dock-1/1/2'],
    ]);
    expect(records[2].objects[0].track).toBe(records[1].objects[0].track);
    expect(code).toBe(0);
  });

  it.each([
    ['is no JSON', '{"v":', /^ocelli: Line 2 is no JSON: "\{\\"v\\":"\.\n$/],
    ['is no record', { v: 1 }, /^ocelli: Line 2 is no record of the topic detections: /],
  ])('exits with 2 at a line that %s, behind what came before it', async (_what, line, sentence) => {
    const { code, records, err } = await replay([mark('up'), line, frame(1)], '--topic', 'tracks');
    expect(err).toMatch(sentence);
    expect(records).toHaveLength(1);
    expect(code).toBe(2);
  });

  it('names the topics that there are to who asks for another one', async () => {
    const { code, err } = await replay([mark('up')], '--topic', 'nix');
    expect(err).toMatch(/^ocelli: There is no topic "nix"; expected one of detections, tracks/);
    expect(code).toBe(2);
  });
});
