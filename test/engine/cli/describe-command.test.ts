import { expect, it } from 'vitest';
import { ocelli } from './command-line.ts';

it('describe says which operators there are, what flows between them, and what can be set', async () => {
  const { code, out } = await ocelli('describe');
  expect(out).toMatch(/^operator +kind +consumes +emits\ndetect +batch +frames +detections\ntrack +keyed +detections +tracks\n/);
  expect(out).toMatch(/\nsettings of track +default +effect\n/);
  expect(out).toMatch(/\ncoastMs +1000 +How long a confirmed track goes on unseen\./);
  expect(out).toMatch(/\nstartScore +– /);
  expect(code).toBe(0);
});

it('describe tells programs the same, with the range of each setting', async () => {
  const { operators, settings } = JSON.parse((await ocelli('describe', '--json')).out);
  expect(operators).toContainEqual({ name: 'track', kind: 'keyed', consumes: 'detections', emits: ['tracks'] });
  expect(settings.track.properties.highScore).toMatchObject({ type: 'number', minimum: 0, maximum: 1, default: 0.5 });
  expect(settings.track.additionalProperties).toBe(false);
});
