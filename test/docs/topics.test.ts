import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PlaceRule } from '../../engine/records/place-rule.ts';
import { gapReason, markRecord, type StreamRecord } from '../../engine/records/record.ts';
import { TOPICS, type Topic } from '../../engine/records/topic.ts';
import { has } from '../requirements.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const PAGE = readFileSync('docs/topics.md', 'utf8');
const TOPIC_OF: Readonly<Record<string, Topic>> = {
  detections: 'detections',
  tracks: 'tracks',
  alert: 'alerts',
  'dead-letter': 'dead-letters',
};

/** The code blocks of a language, in their order. */
function blocks(language: string): string[] {
  return [...PAGE.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs'))].map(([, text = '']) => text);
}

/** A camera whose records came again after a crash, within other borders. */
const TWICE: readonly StreamRecord[] = [
  mark(0),
  gap(1, 4),
  mark(5),
  gap(3, 8),
  mark(5),
  gap(6, 8),
  mark(9),
  { ...mark(0), session: 2, id: 'dock/2/0' },
  mark(9),
];

function mark(seq: number): StreamRecord {
  return { v: 1, type: 'mark', mark: 'heartbeat', id: `dock/1/${seq}`, camera: 'dock', session: 1, seq, time: 1000 + seq };
}

function gap(from: number, to: number): StreamRecord {
  return {
    v: 1,
    type: 'gap',
    id: `dock/1/${from}`,
    camera: 'dock',
    session: 1,
    from,
    to,
    time: 1000 + from,
    until: 1000 + to,
    reason: 'stale',
  };
}

/** What a reader has to come to: the engine's own rule. */
function places(records: readonly StreamRecord[]): string[] {
  return records.map((record) => `${record.session}: ${'from' in record ? `${record.from}–${record.to}` : record.seq}`);
}

function expected(): string[] {
  const rule = new PlaceRule();
  return places(TWICE.map((record) => rule.admit(record).record).filter((record) => record !== undefined));
}

function outcome(command: string, ...args: string[]): string[] {
  const input = TWICE.map((record) => `${JSON.stringify(record)}\n`).join('');
  const output = execFileSync(command, args, { input, encoding: 'utf8' });
  return places(
    output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  );
}

describe('the page of topics', () => {
  it('shows one real record of each kind', () => {
    const kinds = blocks('json').map((text) => JSON.parse(text).type);
    expect(kinds).toEqual(['detections', 'gap', 'mark', 'tracks', 'alert', 'dead-letter']);
  });

  it.each(blocks('json').map((text) => JSON.parse(text)))('shows a record that the schema takes: $type', (record) => {
    expect(TOPICS[TOPIC_OF[record.type] ?? 'detections'].schema.parse(record)).toEqual(record);
  });

  it.each(gapReason.options)('explains the gap %s', (reason) => {
    expect(PAGE).toMatch(new RegExp(`^\\| \`${reason}\` \\| .{10,} \\|`, 'm'));
  });

  it.each(markRecord.shape.mark.options)('explains the mark %s', (name) => {
    expect(PAGE).toMatch(new RegExp(`^\\| \`${name}\` \\| .{10,} \\|`, 'm'));
  });

  it.each(Object.keys(TOPICS))('explains the topic %s', (topic) => {
    expect(PAGE).toMatch(new RegExp(`^\\| \`${topic}\` \\| .{10,} \\|`, 'm'));
  });

  it('has a reader in TypeScript that keeps the place rule', () => {
    const file = join(temporaryFolder(), 'reader.ts');
    writeFileSync(file, blocks('typescript')[0] ?? '');
    expect(outcome(process.execPath, file)).toEqual(expected());
  });

  it.skipIf(!has('python'))('has a reader in Python that keeps the place rule', () => {
    const file = join(temporaryFolder(), 'reader.py');
    writeFileSync(file, blocks('python')[0] ?? '');
    expect(outcome('python3', file)).toEqual(expected());
  });
});
