/** `npm run check`: types, lint and format, side by side. Prints what is wrong and exits 1. */
import { spawn } from 'node:child_process';

const CHECKS = [
  ['tsc', '--noEmit', '--pretty', String(process.stdout.isTTY === true)],
  ['tsc', '--noEmit', '-p', 'ui/web', '--pretty', String(process.stdout.isTTY === true)],
  ['biome', 'check', process.stdout.isTTY ? '--colors=force' : '--colors=off', '--error-on-warnings', '.'],
];

const results = await Promise.all(CHECKS.map(([command = '', ...args]) => run(command, args)));
for (const { output } of results.filter(({ code }) => code !== 0)) process.stdout.write(output);
process.exitCode = results.every(({ code }) => code === 0) ? 0 : 1;

function run(command: string, args: readonly string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(`node_modules/.bin/${command}`, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (text) => (output += text));
    child.stderr.on('data', (text) => (output += text));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}
