import { describe, expect, it } from 'vitest';
import { packetize, rtpPacket } from '../../../demo/cameras/rtp-packetizer.ts';
import { framesFrom } from './depacketizer.ts';
import { rtpPacketOf } from './rtsp-client.ts';

/** A NAL unit of `size` bytes with the given first byte. */
const nal = (header: number, size: number) => Buffer.from([header, ...Array.from({ length: size - 1 }, (_, i) => i % 251)]);
const IDR = 0x65;
const SPS = 0x67;
const PPS = 0x68;
const SLICE = 0x41;

describe('the packetizer', () => {
  it('sends a NAL unit that fits as it is', () => {
    const slice = nal(SLICE, 1400);
    expect(packetize([slice], 1400)).toEqual([slice]);
  });

  it('cuts a larger one into FU-A, with S on the first and E on the last fragment only', () => {
    const packets = packetize([nal(IDR, 4000)], 1400);
    expect(packets.map((packet) => packet[0])).toEqual([0x7c, 0x7c, 0x7c]);
    expect(packets.map((packet) => packet[1])).toEqual([0x85, 0x05, 0x45]);
    expect(packets.map((packet) => packet.length)).toEqual([1400, 1400, 1205]);
  });

  it('leaves no empty last fragment where the size divides evenly', () => {
    const packets = packetize([nal(IDR, 1 + 2 * 1398)], 1400);
    expect(packets.map((packet) => packet.length)).toEqual([1400, 1400]);
    expect(packets.at(-1)?.[1]).toBe(0x45);
  });

  it('puts parameter sets together in one STAP-A that has the highest importance of its parts', () => {
    const [packet, ...more] = packetize([nal(0x27, 20), nal(PPS, 4)], 1400);
    expect(more).toEqual([]);
    expect(packet[0]).toBe(0x78);
    expect(packet.readUInt16BE(1)).toBe(20);
    expect(packet.readUInt16BE(23)).toBe(4);
    expect(packet.length).toBe(1 + 2 + 20 + 2 + 4);
  });

  it('never exceeds the limit, and a receiver gets back what was sent', () => {
    for (let size = 1; size < 60; size++) {
      const nals = [nal(SPS, 10), nal(PPS, 4), nal(IDR, size), nal(IDR, 3 * size)];
      const payloads = packetize(nals, 20);
      expect(Math.max(...payloads.map(({ length }) => length))).toBeLessThanOrEqual(20);
      expect(framesFrom(received(payloads))).toEqual([{ timestamp: 5, nals }]);
    }
  });
});

describe('the RTP header', () => {
  it('has version 2, the payload type and the marker where RFC 3550 puts them', () => {
    const packet = rtpPacket({ marker: true, sequence: 0x1234, timestamp: 0x89abcdef, ssrc: 0xfedcba98 }, Buffer.of(1, 2));
    expect(packet.toString('hex')).toBe('80e0123489abcdeffedcba980102');
  });

  it('has no marker before the last packet of a picture', () => {
    const packet = rtpPacket({ marker: false, sequence: 1, timestamp: 0, ssrc: 0 }, Buffer.of(1));
    expect(packet[1]).toBe(96);
  });

  it('wraps sequence number and timestamp around', () => {
    const packet = rtpPacketOf(
      rtpPacket({ marker: false, sequence: 0x1_0000 + 7, timestamp: 0x1_0000_0000 * 5 + 9, ssrc: 0 }, Buffer.of(1)),
    );
    expect(packet).toMatchObject({ sequence: 7, timestamp: 9 });
  });
});

function received(payloads: readonly Buffer[]) {
  return payloads.map((payload, i) =>
    rtpPacketOf(rtpPacket({ marker: i === payloads.length - 1, sequence: i, timestamp: 5, ssrc: 1 }, payload)),
  );
}
