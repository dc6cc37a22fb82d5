/**
 * `npm test`: brings what the tests need where packages may be installed, runs `check` and every test, and names what was not run.
 * With CI=true, not run means failed. Arguments go on to vitest: `npm test -- test/engine/frames`.
 */
import { spawnSync } from 'node:child_process';
import { REQUIREMENTS, type Requirement } from './requirements.ts';

const CI = process.env['CI'] === 'true';
const chosen = process.argv.slice(2);

const missing = Object.entries<Requirement>(REQUIREMENTS).filter(([name, requirement]) => !isBrought(name, requirement));
const passed = [run('test/check.ts'), run('node_modules/vitest/vitest.mjs', 'run', ...chosen)].every(Boolean);

for (const [name, { tests }] of missing) console.log(`Not run, since ${name} is not here: ${tests}.`);
process.exitCode = passed && !(CI && missing.length > 0) ? 0 : 1;

function isBrought(name: string, { isPresent, install, tests }: Requirement): boolean {
  if (isPresent()) return true;
  console.log(`Bringing ${name}, for ${tests} …`);
  try {
    install();
  } catch (error) {
    console.log(`${name} could not be installed: ${(error as Error).message}`);
  }
  return isPresent();
}

function run(...args: string[]): boolean {
  return spawnSync(process.execPath, args, { stdio: 'inherit' }).status === 0;
}
