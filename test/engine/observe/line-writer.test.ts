import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, openSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { LineWriter } from '../../../engine/observe/line-writer.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const LAST_WORDS = fileURLToPath(new URL('./last-words.ts', import.meta.url));
const LINE = `${'x'.repeat(99)}\n`;

/** A pipe that nobody reads yet, and what comes out of it until so many bytes were read. */
function pipe() {
  const path = join(temporaryFolder(), 'pipe');
  spawnSync('mkfifo', [path]);
  const fd = openSync(path, constants.O_RDWR);
  onTestFinished(() => closeSync(fd));
  const read = async (bytes: number) => {
    const reader = await open(path, 'r');
    const text = Buffer.alloc(bytes);
    for (let from = 0; from < bytes; ) from += (await reader.read(text, from)).bytesRead;
    await reader.close();
    return text.toString();
  };
  return { fd, read };
}

describe('lines', () => {
  it('are taken at once while their reader stands still, and come out in order when it goes on', async () => {
    const { fd, read } = pipe();
    const writer = new LineWriter(fd);
    const lines = Array.from({ length: 5000 }, (_, index) => `${index} ${LINE}`);
    for (const line of lines) writer.write(line);
    const expected = lines.join('');
    expect(await read(expected.length)).toBe(expected);
    await writer.written;
  });

  it('are left out when too many wait, and how many is told where they would have been', async () => {
    const { fd, read } = pipe();
    const writer = new LineWriter(fd);
    for (let line = 0; line < 12_000; line += 1) writer.write(LINE);
    // The first is on its way at once; a mebibyte waits.
    const kept = 1 + Math.ceil(2 ** 20 / LINE.length);
    const expected = `${LINE.repeat(kept)}${12_000 - kept} lines were left out here: whoever reads them was too slow\n`;
    expect(await read(expected.length)).toBe(expected);
  });

  it('to a reader that is gone disturb nobody', async () => {
    const path = join(temporaryFolder(), 'pipe');
    spawnSync('mkfifo', [path]);
    const readEnd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const fd = openSync(path, constants.O_WRONLY);
    onTestFinished(() => closeSync(fd));
    closeSync(readEnd);
    const writer = new LineWriter(fd);
    writer.write(LINE);
    await writer.written;
    writer.write(LINE);
    await writer.written;
  });
});

describe('a logger', () => {
  it('has written every line when the process is ended from inside', async () => {
    const child = spawn(process.execPath, [LAST_WORDS], { stdio: ['ignore', 'ignore', 'pipe'] });
    let text = '';
    child.stderr.on('data', (chunk) => {
      text += chunk;
    });
    expect(await once(child, 'close')).toEqual([1, null]);
    const lines = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ line }) => line)).toEqual(Array.from({ length: 3000 }, (_, index) => index));
  });
});
