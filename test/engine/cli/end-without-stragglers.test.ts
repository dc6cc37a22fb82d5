import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';

const END = new URL('../../../engine/cli/end-without-stragglers.ts', import.meta.url).href;

/** A process whose command is done with exit code 3, and what it says. */
function done(leaving: string) {
  const program = `import { endWithoutStragglers } from '${END}'; process.exitCode = 3; endWithoutStragglers(); ${leaving}`;
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
  return [status, stderr];
}

it('names what keeps a process from ending that is done, and ends it with its exit code', () => {
  expect(done('setInterval(() => {}, 1_000)')).toEqual([
    3,
    'ocelli: Everything is done, but this is still open: Timeout. It ends all the same.\n',
  ]);
});

it('holds no process that nothing keeps', () => {
  expect(done('')).toEqual([3, '']);
});
