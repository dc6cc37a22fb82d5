import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { PassThrough, type Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { readInPlace } from '../../../connectors/ffmpeg/read-in-place.ts';

const SIZE_BYTES = 3_000_000;
/** Writes so many bytes that differ, then the digest of them to standard error. */
const WRITER = `
  const bytes = Uint8Array.from({ length: ${SIZE_BYTES} }, (_, at) => (at * 31 + at / 256) % 256);
  process.stdout.write(bytes, () => console.error(require('node:crypto').createHash('sha256').update(bytes).digest('hex')));
`;

function writer() {
  const child = spawn(process.execPath, ['-e', WRITER]);
  const told = once(child.stderr, 'data').then(([text]) => String(text).trim());
  return { child, told };
}

function reading(pipe: Readable) {
  const digest = createHash('sha256');
  const buffers = new Set<ArrayBufferLike>();
  const took = { bytes: 0, reads: 0, buffers, digest };
  const stream = readInPlace(pipe, (bytes) => {
    took.bytes += bytes.length;
    took.reads += 1;
    buffers.add(bytes.buffer);
    digest.update(bytes);
  });
  return { stream, took };
}

it('takes all that a child writes from one buffer, before the child counts as closed', async () => {
  const { child, told } = writer();
  const { took } = reading(child.stdout);
  await once(child, 'close');
  expect(took.digest.digest('hex')).toBe(await told);
  expect(took.reads).toBeGreaterThan(1);
  expect(took.buffers.size).toBe(1);
});

it('takes nothing while it is paused, and all of it in the end', async () => {
  const { child, told } = writer();
  const { stream, took } = reading(child.stdout);
  stream.pause();
  const other = writer();
  reading(other.child.stdout);
  await once(other.child, 'close'); // By then the first one has written what the pipe holds.
  expect(took.bytes).toBe(0);
  stream.resume();
  await once(child, 'close');
  expect(took.digest.digest('hex')).toBe(await told);
});

it('reads by data events where a pipe has other insides', async () => {
  const pipe = new PassThrough();
  const { took } = reading(pipe);
  pipe.write('one');
  pipe.end('two');
  await once(pipe, 'close');
  expect(took.digest.digest('hex')).toBe(createHash('sha256').update('onetwo').digest('hex'));
});
