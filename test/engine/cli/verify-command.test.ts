import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it, vi } from 'vitest';
import { verifyCommand } from '../../../engine/cli/verify-command.ts';
import { frame, gap, mark } from '../../records.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

let said: string[];

beforeEach(() => {
  said = [];
  vi.spyOn(console, 'log').mockImplementation((text = '') => void said.push(String(text)));
  return () => vi.restoreAllMocks();
});

function verify(lines: readonly unknown[], options: { json?: boolean; placeRule?: boolean } = {}): Promise<number> {
  const file = join(temporaryFolder(), 'export.ndjson');
  writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return verifyCommand(file, { topic: 'detections', json: false, ...options });
}

it('verify answers 0 for a whole account', async () => {
  expect(await verify([mark('up'), frame(1), gap(2, 3)])).toBe(0);
  expect(said.at(-1)).toBe('Every place is covered exactly once.');
});

it('verify answers 1 for a hole, and says line, camera and places', async () => {
  expect(await verify([mark('up'), frame(3)])).toBe(1);
  expect(said.join('\n')).toMatch(/export\.ndjson:2: dock-1 hole: nothing covers the places 1…2 of session 1/);
});

it('verify answers 1 for an export without records', async () => {
  expect(await verify([])).toBe(1);
});

it('verify applies the place rule when it is told to, and tells programs in JSON', async () => {
  const twice = [mark('up'), frame(1), frame(1)];
  expect(await verify(twice)).toBe(1);
  said = [];
  expect(await verify(twice, { placeRule: true, json: true })).toBe(0);
  expect(JSON.parse(said.join(''))).toMatchObject({ breaches: [], cameras: { 'dock-1': { frames: 1, marks: 1 } } });
});
