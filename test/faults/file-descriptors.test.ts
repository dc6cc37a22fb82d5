import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { serveCameras } from '../../demo/cameras/index.ts';
import { checkAccount } from '../../engine/records/account.ts';
import type { RecordOf } from '../../engine/records/topic.ts';
import { followRecords } from '../end-to-end/followed-records.ts';
import { SiteFolder } from '../end-to-end/site-process.ts';
import { testClip } from '../end-to-end/test-clips.ts';

const MODEL = `${process.cwd()}/test/fixtures/models/quadrants.onnx`;
const LIMIT = 96;

/** A reader that asks for a topic and then reads nothing. */
function reader(url: URL): Socket {
  const socket = connect(Number(url.port), url.hostname, () =>
    socket.write(`GET /api/topics/tracks?follow=true HTTP/1.1\r\nHost: ${url.host}\r\n\r\n`),
  );
  socket.on('error', () => {}); // It is refused: that is what the limit is for.
  return socket;
}

/** Takes so many frames that were captured after a moment. */
async function takeFrames(records: AsyncGenerator<RecordOf<'detections'>>, count: number, afterMs = 0): Promise<void> {
  for (let taken = 0; taken < count; ) {
    const { value, done } = await records.next();
    if (done) throw new Error('The site ended.');
    if (value.type === 'detections' && value.time > afterMs) taken += 1;
  }
}

/** Resolves when more than half of the limit were hung up on. */
async function someAreRefused(readers: readonly Socket[]): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let refused = 0;
  for (const socket of readers) {
    socket.once('close', () => {
      refused += 1;
      if (refused > LIMIT / 2) resolve();
    });
  }
  await promise;
}

/** Hangs up, and resolves when that has reached the system, and with it the site. */
async function hangUp(readers: readonly Socket[]): Promise<void> {
  await Promise.all(readers.map((socket) => (socket.closed ? undefined : once(socket.destroy(), 'close'))));
}

/** Where it is not there, the test is not run; in CI that is a failure. */
const HAS_PRLIMIT = process.env['CI'] === 'true' || spawnSync('prlimit', ['--version']).status === 0;

describe.skipIf(!HAS_PRLIMIT)('a process that may open few files', { timeout: 120_000 }, () => {
  it('refuses readers beyond that, keeps its cameras and its log, and answers again when readers have gone', async () => {
    const served = await serveCameras({ clips: { dock: testClip('testsrc2', 4) } });
    const site = new SiteFolder([{ id: 'dock', url: served.url('dock'), fps: 5, freshness: 5000 }], { model: MODEL });
    const running = site.runIn({ wrapper: ['prlimit', `--nofile=${LIMIT}`] });
    const url = new URL(await running.url());
    const records = followRecords(running, 'detections');
    await takeFrames(records, 5);
    const readers = Array.from({ length: 2 * LIMIT }, () => reader(url));
    await someAreRefused(readers);
    const refusedAtMs = Date.now();
    await takeFrames(records, 10, refusedAtMs);
    await hangUp(readers);
    await takeFrames(records, 5, Date.now());
    expect((await fetch(new URL('/health/live', url))).status).toBe(200);
    await records.return(undefined);
    await running.kill('SIGTERM');
    served.close();
    expect(await running.exited).toEqual({ code: 0, signal: null });
    const { breaches, cameras } = checkAccount(await site.records('tracks'), { topic: 'tracks' });
    expect(breaches).toEqual([]);
    expect(cameras.get('dock')?.sessions).toBe(1);
  });
});
