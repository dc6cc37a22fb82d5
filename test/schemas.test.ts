import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { schemaText } from '../engine/cli/schema-command.ts';
import { TOPIC_NAMES } from '../engine/records/topic.ts';
import { application } from '../site/application.ts';
import { breakingChanges, type Schema } from './schema-changes.ts';

const RELEASED = 'test/fixtures/schemas/v1';
const site = application('0.0.0');

describe('the published schemas', () => {
  it.each(['config', ...TOPIC_NAMES])('%s is what the definitions say (else: npm run schemas)', (name) => {
    expect(readFileSync(`schemas/${name}.v1.json`, 'utf8')).toBe(schemaText(site, name));
  });

  it.each(readdirSync(RELEASED))('%s keeps what was released as version 1', (file) => {
    const [released, now] = [RELEASED, 'schemas'].map((folder) => JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')) as Schema);
    expect(breakingChanges(released as Schema, now)).toEqual([]);
  });
});

describe('a breaking change', () => {
  const record = (properties: Record<string, Schema>, required = Object.keys(properties)): Schema => ({
    type: 'object',
    properties,
    required,
  });
  const old = record({ score: { type: 'number' }, box: { type: 'array', items: { type: 'number' } } });

  it.each<[string, Schema, string]>([
    ['a field that is gone', record({ score: { type: 'number' } }), '$.box is gone'],
    ['a field of another type', record({ ...old.properties, score: { type: 'string' } }), '$.score was number and is string'],
    ['a field that may be missing', record({ ...old.properties }, ['score']), '$.box was always there and may be missing now'],
    [
      'items of another type',
      record({ ...old.properties, box: { type: 'array', items: { type: 'string' } } }),
      '$.box[] was number and is string',
    ],
  ])('is found: %s', (_name, now, change) => {
    expect(breakingChanges(old, now)).toContain(change);
  });

  it('is found in one kind of record among several', () => {
    const frame = record({ type: { const: 'frame' }, seq: { type: 'integer' } });
    expect(
      breakingChanges({ oneOf: [frame] }, { oneOf: [record({ type: { const: 'gap' } }), record({ type: { const: 'frame' } })] }),
    ).toEqual(['$<frame>.seq was always there and may be missing now', '$<frame>.seq is gone']);
  });

  it('is not a field that was added', () => {
    expect(breakingChanges(old, record({ ...old.properties, track: { type: 'string' } }))).toEqual([]);
  });
});
