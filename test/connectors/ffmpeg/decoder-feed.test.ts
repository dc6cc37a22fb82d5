import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { DecoderFeed } from '../../../connectors/ffmpeg/decoder-feed.ts';
import { type FrameTarget, NutReader } from '../../../connectors/ffmpeg/nut-reader.ts';

const SECOND_US = 1e6;

/** A decoder that takes its input when a test lets it, and what it got: the first byte of each picture, and its time. */
function feeding() {
  const taken: string[] = [];
  let current = 0;
  const target: FrameTarget = {
    begin: () => undefined,
    write: (bytes) => {
      current = bytes[0] as number;
    },
    finish: (timeUs) => void taken.push(`${current} at ${timeUs}`),
  };
  const reader = new NutReader(target);
  const held: (() => void)[] = [];
  let open = true;
  const input = new Writable({
    highWaterMark: 1,
    write(chunk: Buffer, _, done) {
      const take = () => {
        reader.push(chunk);
        done();
      };
      if (open) take();
      else held.push(take);
    },
  });
  const counts = { skipped: 0 };
  const skipped = (pictures: number) => {
    counts.skipped += pictures;
  };
  const feed = new DecoderFeed(input, { fourcc: 'H264', lagLimitUs: 3 * SECOND_US, skipped });
  const push = (number: number, key: boolean, timeUs = number * SECOND_US, sizeBytes = 10) =>
    feed.push({ bytes: Buffer.alloc(sizeBytes, number), key, timeUs });
  const shut = () => {
    open = false;
  };
  const letIn = async () => {
    open = true;
    do {
      held.shift()?.();
      await new Promise((resolve) => setImmediate(resolve));
    } while (held.length > 0 || input.writableNeedDrain);
  };
  return { feed, push, taken, counts, shut, letIn };
}

describe('a decoder is given pictures', () => {
  it('from the first key frame on; what came before is nobody’s loss', async () => {
    const { push, taken, counts, letIn } = feeding();
    push(1, false);
    push(2, true);
    push(3, false);
    await letIn();
    expect(taken).toEqual(['2 at 2000000', '3 at 3000000']);
    expect(counts.skipped).toBe(0);
  });

  it('in order, also when it did not take them at once', async () => {
    const { push, taken, shut, letIn } = feeding();
    push(1, true);
    shut();
    for (let number = 2; number <= 9; number += 1) push(number, false);
    await letIn();
    expect(taken.map((line) => Number(line.split(' ')[0]))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('from the next key frame on when it is too far behind, and what it never sees is counted', async () => {
    const { feed, push, taken, counts, letIn } = feeding();
    push(1, true);
    feed.decoded(1 * SECOND_US);
    for (let number = 2; number <= 6; number += 1) push(number, false);
    await letIn();
    push(7, false);
    push(8, false);
    push(9, true);
    await letIn();
    expect(taken.map((line) => Number(line.split(' ')[0]))).toEqual([1, 2, 3, 4, 5, 6, 9]);
    expect(counts.skipped).toBe(2);
  });

  it('to the last, also when it did not take them at once', async () => {
    const { feed, push, taken, shut, letIn } = feeding();
    push(1, true);
    shut();
    push(2, false);
    push(3, false);
    feed.end();
    push(4, false);
    await letIn();
    expect(taken.map((line) => Number(line.split(' ')[0]))).toEqual([1, 2, 3]);
  });

  it('all of them while it is being started', async () => {
    const { push, taken, letIn } = feeding();
    for (let number = 1; number <= 20; number += 1) push(number, number === 1);
    await letIn();
    expect(taken).toHaveLength(20);
  });

  it('all of them after the camera paused', async () => {
    const { feed, push, taken, letIn } = feeding();
    push(1, true);
    feed.decoded(1 * SECOND_US);
    push(60, false);
    push(61, false);
    await letIn();
    expect(taken).toHaveLength(3);
  });

  it('but never more than 16 MiB that wait, whatever the camera sends', async () => {
    const { push, taken, counts, shut, letIn } = feeding();
    push(1, true);
    shut();
    for (let number = 2; number <= 40; number += 1) push(number, false, number, 1024 * 1024);
    push(41, true);
    await letIn();
    expect(counts.skipped).toBeGreaterThanOrEqual(16);
    expect(taken.at(-1)).toMatch(/^41 /);
    expect(taken.length + counts.skipped).toBe(41);
  });
});
