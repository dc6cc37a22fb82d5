import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { TOPIC_NAMES } from '../../../engine/records/topic.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { ocelli } from './command-line.ts';

it.each([...TOPIC_NAMES])('schema %s prints the schema that is published', async (topic) => {
  expect(await ocelli('schema', topic)).toEqual({ code: 0, out: readFileSync(`schemas/${topic}.v1.json`, 'utf8'), err: '' });
});

it('schema config prints the keys of the configuration file, with those of the operators', async () => {
  const { properties } = JSON.parse((await ocelli('schema', 'config')).out);
  expect(properties.cameras.items.properties.fps).toMatchObject({ type: 'number', minimum: 0.1, maximum: 60, default: 10 });
  expect(properties.track.properties.coastMs).toMatchObject({ default: 1000 });
});

it('schema --write writes all of them into a folder, which it makes', async () => {
  const folder = join(temporaryFolder(), 'made/schemas');
  expect(await ocelli('schema', '--write', folder)).toEqual({ code: 0, out: '', err: '' });
  expect(readdirSync(folder).toSorted()).toEqual([...TOPIC_NAMES, 'config'].map((name) => `${name}.v1.json`).toSorted());
  expect(readFileSync(join(folder, 'tracks.v1.json'), 'utf8')).toBe(readFileSync('schemas/tracks.v1.json', 'utf8'));
});

it.each([
  [['nix'], 'There is no schema of "nix"; expected config or a topic: '],
  [[], 'The name of a schema is missing; expected config or a topic: '],
])('schema %j says which schemas there are, and exits with 2', async (args, sentence) => {
  const { code, out, err } = await ocelli('schema', ...args);
  expect(err).toBe(`ocelli: ${sentence}${TOPIC_NAMES.join(', ')}.\n`);
  expect([code, out]).toEqual([2, '']);
});
