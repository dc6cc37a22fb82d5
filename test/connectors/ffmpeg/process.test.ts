import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { platform } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startKept } from '../../../connectors/ffmpeg/process.ts';
import { has } from '../../requirements.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { BUNDLED } from '../builds.ts';
import { makeClip } from '../clips.ts';
import { runningProcesses } from '../running-processes.ts';
import { decodeAll } from './decode-all.ts';

/** A program that does what a test needs instead of ffmpeg. */
function stub(script: string): string {
  const path = join(temporaryFolder(), 'ffmpeg');
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

function run(path: string, argv: readonly string[]) {
  const { promise, resolve } = Promise.withResolvers<number | undefined>();
  const child = startKept(path, argv, [], ({ code }) => resolve(code));
  child.stdout.resume();
  child.stderr.resume();
  return { child, exited: promise };
}

/** Processes that run and carry this word in their arguments. */
function running(word: string): number[] {
  return runningProcesses()
    .filter(({ command }) => command.join(' ').includes(word))
    .map(({ pid }) => pid);
}

/** Waits for the end of processes that are not its children, by Linux's descriptors of processes; says first that it has hold of them. */
const UNTIL_ENDED = `
import os, select, sys
held = [os.pidfd_open(int(pid)) for pid in sys.argv[1:]]
print("held", flush=True)
for fd in held: select.select([fd], [], [])
`;

/** Resolves once it waits; what it resolves with is fulfilled when all of them have ended. */
async function endOf(pids: readonly number[]): Promise<{ readonly ended: Promise<unknown> }> {
  const waiting = spawn('python3', ['-c', UNTIL_ENDED, ...pids.map(String)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(waiting, 'exit');
  await once(waiting.stdout, 'data');
  return { ended };
}

describe('a kept process', () => {
  it('tells its exit code, after everything it wrote was read', async () => {
    const { exited } = run(stub('echo hello; exit 3'), []);
    expect(await exited).toBe(3);
  });

  it('that was never there tells 127', async () => {
    expect(await run('/nowhere/ffmpeg', []).exited).toBe(127);
  });

  it('gets each argument as it is', async () => {
    const file = join(temporaryFolder(), 'argv');
    const odd = ['a b', "it's", '$HOME', '`id`', '"', '*', '\\', ''];
    await run(stub(`printf '%s\\n' "$@" > ${file}`), odd).exited;
    expect(readFileSync(file, 'utf8')).toBe(`${odd.join('\n')}\n`);
  });

  it('sees nothing of our environment but what it needs', async () => {
    const file = join(temporaryFolder(), 'env');
    process.env['OCELLI_TOKEN'] = 'canary';
    onTestFinished(() => void delete process.env['OCELLI_TOKEN']);
    await run(stub(`env > ${file}`), []).exited;
    expect(readFileSync(file, 'utf8')).not.toContain('canary');
  });

  it('ends by SIGTERM', async () => {
    const { child, exited } = run(stub('exec sleep 60'), []);
    child.signal('TERM');
    expect(await exited).toBe(128 + 15);
  });
});

describe.skipIf(platform() !== 'linux' || !has('python'))('no orphan', () => {
  it('is left of an ffmpeg that hangs in connect when we are killed', async () => {
    const server = createServer(() => undefined).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once('listening', resolve));
    const word = `orphan-${process.pid}-${Date.now()}`;
    const { port } = server.address() as { port: number };
    const url = `rtsp://127.0.0.1:${port}/${word}`;
    const parent = spawn(process.execPath, ['--input-type=module-typescript', '--eval', PARENT, BUNDLED.path, url], { stdio: 'ignore' });
    const [connection] = (await once(server, 'connection')) as [Socket];
    const pids = running(word);
    expect(pids.length).toBeGreaterThan(2); // We, the shell around ffmpeg, and ffmpeg.
    const { ended } = await endOf(pids);
    connection.resume();
    parent.kill('SIGKILL');
    expect(await ended).toEqual([0, null]);
    expect(running(word)).toEqual([]);
  });

  it('and no zombie is left of one that ended by itself', async () => {
    const { exited } = run(stub('exit 0'), ['mark-of-this-test']);
    await exited;
    expect(running('mark-of-this-test')).toEqual([]);
  });
});

const PARENT = `
  import { startKept } from '${join(process.cwd(), 'connectors/ffmpeg/process.ts')}';
  const [path, url] = process.argv.slice(1);
  startKept(path, ['-rtsp_transport', 'tcp', '-i', url, '-f', 'null', '-'], [], () => undefined);
  setInterval(() => undefined, 1000);
`;

describe('a decoder', () => {
  it('kills an ffmpeg that ignores SIGTERM after 2 s', async () => {
    const build = { ...BUNDLED, path: stub('trap "" TERM; echo ready >&2; exec sleep 60') };
    const { promise: ready, resolve } = Promise.withResolvers<void>();
    const decoded = decodeAll(build, { input: { kind: 'file', path: 'x' } }, undefined, () => resolve());
    await ready;
    const asked = performance.now();
    decoded.decoder.stop();
    expect((await decoded).exit.code).toBe(128 + 9);
    expect(performance.now() - asked).toBeGreaterThan(1990);
  });

  it('gets its frames through a flood on standard error', async () => {
    const path = makeClip(temporaryFolder(), 'clip.mp4', { seconds: 2, size: '64x36' });
    const flood = `(while :; do head -c 1000000 /dev/zero | tr '\\0' 'x' | fold -w 99; done >&2) & noise=$!`;
    const build = { ...BUNDLED, path: stub(`${flood}; ${BUNDLED.path} "$@"; kill $noise`) };
    const { frames, skippedBytes, lines } = await decodeAll(build, { input: { kind: 'file', path } });
    expect(frames).toHaveLength(20);
    expect(skippedBytes).toBeGreaterThan(1_000_000);
    expect(lines.length).toBeLessThan(50_000);
  });

  it('drops and tells a last frame that was cut off', async () => {
    const path = makeClip(temporaryFolder(), 'clip.mp4', { seconds: 1, size: '64x36' });
    const frameBytes = 320 * 192 * 3;
    const build = { ...BUNDLED, path: stub(`${BUNDLED.path} "$@" | head -c ${5 * frameBytes}`) };
    const { frames, exit } = await decodeAll(build, { input: { kind: 'file', path } });
    expect(frames).toHaveLength(4);
    expect(exit.truncated).toBe(true);
  });

  it('says what is wrong when something else than ffmpeg answers', async () => {
    const build = { ...BUNDLED, path: stub('echo "this is certainly not what was asked for"; exec sleep 60') };
    const { exit } = await decodeAll(build, { input: { kind: 'file', path: 'x' } });
    expect(String(exit.error)).toMatch(/Expected the beginning of a NUT stream from ffmpeg.*Is FFMPEG_PATH an ffmpeg/);
  });
});
