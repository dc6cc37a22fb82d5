import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { MEASURED } from '../../engine/plan/measured-costs.ts';
import { sizingPage } from './write-sizing.ts';

const page = readFileSync('docs/sizing.md', 'utf8');

it('the page of sizes says what is measured and planned now: `node test/docs/write-sizing.ts` writes it', () => {
  expect(page).toBe(sizingPage(page));
});

it('the page of sizes says what the command says', () => {
  const said = execFileSync(process.execPath, ['main.ts', 'plan', 'no-such-file.yaml', '--cameras', '1000'], { encoding: 'utf8' });
  expect(said).toContain('1000 cameras');
  expect(page).toContain(said);
});

it('every figure of a plan has a program that prints it', () => {
  const missing = Object.values(MEASURED).filter(({ command }) => !existsSync(command.replace(/^node (\S+).*$/, '$1')));
  expect(missing).toEqual([]);
});
