import { describe, expect, it } from 'vitest';
import { type FrameHeader, readItem, writeFrame, writeRecord } from '../../../../engine/frames/kafka/frame-record.ts';
import { gap, mark } from '../../../records.ts';

const header: FrameHeader = {
  encoding: 'jpeg',
  session: 1_766_400_000,
  seq: 2 ** 40,
  time: 1_766_400_000_123,
  clock: 'recording',
  statistics: true,
  settings: '9f3a00c0ffee',
  sender: 4_000_000_000,
  freshnessMs: 0,
  arrivedAt: 1_766_400_000_125.5,
  decodedMs: 14.25,
  image: { width: 1920, height: 1080 },
  size: { width: 320, height: 192 },
  letterbox: { x: 0, y: 6, width: 320, height: 180 },
};
const pixels = Uint8Array.from([9, 8, 7]);

describe('a record of topic frames', () => {
  it('stands byte by byte as it is documented', () => {
    const bytes = writeFrame(header, pixels);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    expect([...bytes.subarray(0, 8)]).toEqual([1, 1, 0, 85, 2, 3, 0, 0]);
    expect([view.getUint32(8), view.getUint32(12)]).toEqual([4_000_000_000, 0]);
    expect([16, 24, 32].map((at) => view.getBigUint64(at))).toEqual([1_766_400_000n, 2n ** 40n, 1_766_400_000_123n]);
    expect([view.getFloat64(40), view.getFloat32(48)]).toEqual([1_766_400_000_125.5, 14.25]);
    expect([view.getUint32(52), view.getUint32(56)]).toEqual([1920, 1080]);
    expect([60, 62, 64, 66, 68, 70].map((at) => view.getUint16(at))).toEqual([320, 192, 0, 6, 320, 180]);
    expect([bytes[72], bytes.toString('latin1', 73, 85), [...bytes.subarray(85)]]).toEqual([12, '9f3a00c0ffee', [9, 8, 7]]);
  });

  it('gives back the frame that was written', () => {
    const item = readItem(writeFrame(header, pixels));
    expect(item.type === 'frame' && { header: item.header, pixels: [...item.pixels] }).toEqual({ header, pixels: [9, 8, 7] });
  });

  it.each([mark('up', 0), gap(1, 5, 'broker')])('gives back a $type as it was written', (record) => {
    expect(readItem(writeRecord(record))).toEqual(record);
  });

  it.each([
    ['of a later version', Buffer.from([2, 1]), 'version 2; this Ocelli reads 1'],
    ['of another kind', Buffer.from([1, 3]), 'kind 3'],
    ['that is cut off', writeFrame(header, pixels).subarray(0, 60), 'kind 1 and 60 bytes'],
    ['whose pixels begin behind its end', writeFrame(header, pixels).subarray(0, 80), 'pixels that begin at byte 85 of 80'],
    ['of an unknown encoding', writeFrame(header, pixels).fill(9, 4, 5), 'the encoding 9'],
    ['that is no gap or mark', Buffer.from('\x01\x02{"type":"gap"}'), 'expected'],
    ['that is no JSON', Buffer.from('\x01\x02{'), 'JSON'],
    ['of nothing', Buffer.alloc(0), 'version undefined'],
  ])('is refused when it is one %s', (_what, bytes, sentence) => {
    expect(() => readItem(bytes)).toThrow(expect.objectContaining({ code: 'RECORD_INVALID', message: expect.stringContaining(sentence) }));
  });
});
