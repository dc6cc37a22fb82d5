import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../temporary-folder.ts';

const WRITER = fileURLToPath(new URL('./full-disk-writer.ts', import.meta.url));
const CAN_MOUNT = unshare('mount -t tmpfs -o size=2m tmpfs "$0"', '/mnt').status === 0;

/** Runs a shell command in a mount namespace of its own, where a user without rights may mount too; what it mounts ends with it. */
function unshare(command: string, ...words: string[]) {
  return spawnSync('unshare', ['--map-root-user', '--mount', 'sh', '-c', command, ...words], { encoding: 'utf8' });
}

it('has a machine that can mount a small disk, or is not run', ({ skip }) => {
  if (process.env['CI'] !== 'true') skip(!CAN_MOUNT, 'mounting is not possible here: the test of a full disk is not run');
  expect(CAN_MOUNT).toBe(true);
});

it.runIf(CAN_MOUNT)('stops on a full disk with the sentence, keeps what it acknowledged, and goes on when there is room', () => {
  const command = 'mount -t tmpfs -o size=2m tmpfs "$0" && exec "$1" "$2" "$0"';
  const { stdout, stderr } = unshare(command, temporaryFolder(), process.execPath, WRITER);
  expect(stderr).toBe('');
  const { acknowledged, failure, whileFull, afterwards } = JSON.parse(stdout);
  expect(acknowledged).toBeGreaterThan(10);
  expect(failure).toEqual({ code: 'LOG_FULL', message: expect.stringMatching(/no room to write .*ocelli\.db.*Free space/) });
  expect(whileFull).toMatchObject({
    bounds: { start: 0, end: acknowledged },
    state: { code: 'LOG_FULL' },
    append: { code: 'LOG_FULL' },
  });
  expect(afterwards).toEqual({ bounds: { start: 0, end: acknowledged + 1 }, check: { integrity_check: 'ok' } });
});
