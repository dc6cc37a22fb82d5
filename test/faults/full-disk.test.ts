import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkAccount } from '../../engine/records/account.ts';
import { SiteFolder } from '../end-to-end/site-process.ts';
import { testClip } from '../end-to-end/test-clips.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const MODEL = `${process.cwd()}/test/fixtures/models/quadrants.onnx`;
const NAMESPACE = ['unshare', '--map-root-user', '--mount', 'sh', '-c'];
const CAN_MOUNT = spawnSync('unshare', [...NAMESPACE.slice(1), 'mount -t tmpfs -o size=1m tmpfs /mnt']).status === 0;
const DISK = '32m';
/** Mounts a small disk where the log will be, fills most of it, runs the command, and saves the log before the disk is gone. A line through the FIFO `free` makes room. */
const ON_SMALL_DISK = [
  `mount -t tmpfs -o size=${DISK} tmpfs "$0"`,
  'head -c 33000000 /dev/zero > "$0/ballast"',
  '(read -r order < "$1/free"; rm "$0/ballast"; touch "$1/freed") & freeing=$!',
  'trap "kill $freeing 2>/dev/null" EXIT',
  'log="$0"; out="$1"; shift; "$@"; code=$?',
  'cp "$log"/ocelli.db* "$out"',
  'exit $code',
].join('\n');

it('has a machine that can mount a small disk, or is not run', ({ skip }) => {
  if (process.env['CI'] !== 'true') skip(!CAN_MOUNT, 'mounting is not possible here: a site on a full disk is not run');
  expect(CAN_MOUNT).toBe(true);
});

it.runIf(CAN_MOUNT)(
  'a site whose disk is full says so, waits, and goes on without a hole when there is room again',
  { timeout: 240_000 },
  async () => {
    const out = temporaryFolder();
    const free = join(out, 'free');
    execFileSync('mkfifo', [free]);
    const site = new SiteFolder(
      [0, 1].map((n) => ({ id: `camera-${n}`, url: `file:${testClip(n === 0 ? 'testsrc2' : 'smptebars', 20)}`, view: false })),
      { model: MODEL },
    );
    const running = site.runIn({ wrapper: [...NAMESPACE, ON_SMALL_DISK, join(site.folder, 'data'), out] }, '--until-end');
    await running.says(/Records could not be written/);
    expect(running.output).toMatch(/no room to write .*ocelli\.db.*Free space/);
    expect(existsSync(join(out, 'freed'))).toBe(false);
    writeFileSync(free, 'now\n');
    expect(await running.exited, running.output).toMatchObject({ code: 0 });
    const database = join(out, 'ocelli.db');
    for (const topic of ['detections', 'tracks'] as const) {
      const { breaches, cameras } = checkAccount(await site.records(topic, database), { topic });
      expect(breaches).toEqual([]);
      expect([...cameras.values()].map(({ frames, gaps }) => [frames, gaps])).toEqual([
        [200, {}],
        [200, {}],
      ]);
    }
    rmSync(site.folder, { recursive: true });
  },
);
