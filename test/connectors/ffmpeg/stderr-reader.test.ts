import { describe, expect, it } from 'vitest';
import { causeOfExit } from '../../../connectors/cause.ts';
import { parseStderrLine, StderrReader } from '../../../connectors/ffmpeg/stderr-reader.ts';

function reader() {
  const lines: string[] = [];
  let nowMs = 0;
  const stderr = new StderrReader(
    (line) => void lines.push(line),
    () => nowMs,
  );
  const pass = (ms: number) => {
    nowMs += ms;
  };
  return { lines, stderr, pass };
}

describe('a reader of standard error', () => {
  it('puts lines together that the pipe cut', () => {
    const { lines, stderr } = reader();
    for (const piece of ['one\nt', 'w', 'o\r\nthree']) stderr.push(Buffer.from(piece));
    expect(lines).toEqual(['one', 'two']);
    stderr.end();
    expect(lines).toEqual(['one', 'two', 'three']);
  });

  it('reads at most 256 KiB a second, counts the rest, and still finds the lines that frames need', () => {
    const { lines, stderr, pass } = reader();
    const flood = Buffer.from('noise\n'.repeat(20_000));
    for (let i = 0; i < 10; i += 1) stderr.push(flood);
    const read = lines.length;
    stderr.push(Buffer.from('noise\n[scale@model @ 0x1] [verbose] w:1 h:2 '));
    stderr.push(Buffer.from('fmt:x sar:0/1 -> w:3 h:4 fmt:y\nnoise\n'));
    expect(read).toBe(40_000);
    expect(stderr.skippedBytes).toBeGreaterThan(8 * 120_000 - 1);
    expect(lines.slice(read)).toEqual(['[scale@model @ 0x1] [verbose] w:1 h:2 fmt:x sar:0/1 -> w:3 h:4 fmt:y']);
    pass(1000);
    stderr.push(Buffer.from('calm again\n'));
    expect(lines.at(-1)).toBe('calm again');
  });

  it('keeps no line without an end growing', () => {
    const { lines, stderr } = reader();
    for (let i = 0; i < 100; i += 1) stderr.push(Buffer.alloc(10_000, 0x41));
    stderr.end();
    expect(lines.map((line) => line.length)).toEqual([2000]);
  });
});

describe('a line of ffmpeg', () => {
  it.each([
    ['[h264 @ 0x55d0] [error] no frame!', { level: 'error', part: 'h264', text: 'no frame!' }],
    ['[graph 0 input from stream 0:0 @ 0x1f] [verbose] w:1', { level: 'info', part: 'graph 0 input from stream 0:0', text: 'w:1' }],
    ['[fatal] Conversion failed', { level: 'fatal', part: '', text: 'Conversion failed' }],
    ['and so on', { level: 'warning', part: '', text: 'and so on' }],
  ])('is taken apart: %s', (line, expected) => {
    expect(parseStderrLine(line, 'warning')).toEqual(expected);
  });
});

describe('the cause of an end', () => {
  it.each([
    ['not-found', 1, 'clips/a.mp4: No such file or directory'],
    ['timeout', 1, '/mnt/share/a.mp4: Connection timed out'],
    ['corrupt', 69, 'h264: concealing 401 DC, 401 AC, 401 MV errors in P frame'],
    ['local', 137, 'h264: concealing 404 DC, 404 AC, 404 MV errors in I frame'],
    ['codec', 1, 'Stream map matches no streams.'],
    ['corrupt', 1, 'a.mp4: Invalid data found when processing input'],
    ['local', 1, 'Cannot allocate memory'],
    ['ended', 0, 'deprecated pixel format used'],
    ['local', 137, ''],
    ['local', 127, 'sh: ffmpeg: not found'],
    ['corrupt', 69, ''],
  ])('is %s with code %i and "%s"', (cause, code, line) => {
    expect(causeOfExit(code, [line]).cause).toBe(cause);
  });
});
