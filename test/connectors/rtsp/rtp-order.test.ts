import { describe, expect, it } from 'vitest';
import { RtpOrder } from '../../../connectors/rtsp/rtp-order.ts';
import { readRtpPacket } from '../../../connectors/rtsp/rtp-packet.ts';
import { packet } from './collected.ts';

/** Pushes packets, [number, ms] or number, and tells what came out: number, and how many were lost before it. */
function ordered(
  depth: number,
  pushed: readonly (number | readonly [number, number])[],
  ssrcOf: (n: number) => number = () => 1,
): string[] {
  const came: string[] = [];
  const order = new RtpOrder(
    depth,
    50,
    ({ packet: { sequence }, lost }) => void came.push(lost === 0 ? `${sequence}` : `${sequence} after ${lost}`),
  );
  for (const one of pushed) {
    const [sequence, ms] = typeof one === 'number' ? [one, 0] : one;
    order.push({ ...packet({ sequence, payload: [] }), ssrc: ssrcOf(sequence) }, ms);
  }
  return came;
}

describe('packets', () => {
  it('over TCP are never held back; what is missing is told', () => {
    expect(ordered(0, [10, 11, 14, 15])).toEqual(['10', '11', '14 after 2', '15']);
  });

  it('that come out of order are put in order, also where their numbers begin anew', () => {
    expect(ordered(16, [65_534, 0, 65_535, 2, 1, 3])).toEqual(['65534', '65535', '0', '1', '2', '3']);
  });

  it('that come twice, or after they were given up, are dropped', () => {
    expect(ordered(2, [1, 1, 3, 3, 4, 5, 2, 6])).toEqual(['1', '3 after 1', '4', '5', '6']);
  });

  it('wait for a missing one until too many wait', () => {
    expect(ordered(3, [1, 3, 4, 5])).toEqual(['1']);
    expect(ordered(3, [1, 3, 4, 5, 6])).toEqual(['1', '3 after 1', '4', '5', '6']);
  });

  it('wait for a missing one for 50 ms', () => {
    expect(ordered(16, [1, [3, 10], [4, 59]])).toEqual(['1']);
    expect(ordered(16, [1, [3, 10], [4, 60]])).toEqual(['1', '3 after 1', '4']);
  });

  it('of another sender, or far away, are a new beginning of which nobody knows what is missing', () => {
    expect(ordered(16, [1, 2, 20_000, 20_001])).toEqual(['1', '2', '20000 after 1', '20001']);
    expect(ordered(16, [100, 101, 5, 6], (n) => (n < 50 ? 2 : 1))).toEqual(['100', '101', '5 after 1', '6']);
  });
});

describe('an RTP packet', () => {
  it('is read without its sources, extension and padding (RFC 3550, sections 5.1 and 5.3.1)', () => {
    const bytes = Buffer.from('b2e00005000000070000000900000001000000020001000100000000aabbcc0003', 'hex');
    expect(readRtpPacket(bytes)).toEqual({
      marker: true,
      payloadType: 96,
      sequence: 5,
      timestamp: 7,
      ssrc: 9,
      payload: Buffer.from('aabb', 'hex'),
    });
  });

  it.each([
    ['is too short', '8060000500000007000000'],
    ['is of another version', '406000050000000700000009'],
    ['has more sources than bytes', '8f6000050000000700000009'],
    ['has an extension that is cut off', '906000050000000700000009ffff'],
    ['has an extension longer than itself', '906000050000000700000009ffffffff'],
    ['has more padding than bytes', 'a0600005000000070000000900ff'],
  ])('is none when it %s', (_, hex) => {
    expect(readRtpPacket(Buffer.from(hex, 'hex'))).toBeUndefined();
  });
});
