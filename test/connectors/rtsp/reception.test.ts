import { describe, expect, it } from 'vitest';
import { Reception } from '../../../connectors/rtsp/reception.ts';
import { readRtcp, receiverReport } from '../../../connectors/rtsp/rtcp.ts';
import { senderReport } from '../../../demo/cameras/rtcp.ts';
import { packet } from './collected.ts';

const FIRST = packet({ sequence: 65_530, timestamp: 0, payload: [] });

function received(sequences: readonly number[], arrivals: (i: number) => number = (i) => i): Reception {
  const reception = new Reception(FIRST, 1000);
  for (const [i, sequence] of sequences.entries()) reception.packet({ ...FIRST, sequence, timestamp: i }, arrivals(i));
  return reception;
}

describe('a report of what was received', () => {
  it('tells loss since the last report in 256ths, and in all (RFC 3550, appendix A.3)', () => {
    const reception = received([65_530, 65_531, 65_535, 0]);
    expect(reception.report(0)).toMatchObject({ ssrc: 7, highestSequence: 65_536, totalLost: 3, fractionLost: Math.floor((3 * 256) / 7) });
    expect(reception.report(0)).toMatchObject({ totalLost: 3, fractionLost: 0 });
  });

  it('tells no loss where packets came twice', () => {
    expect(received([65_530, 65_531, 65_531]).report(0)).toMatchObject({ fractionLost: 0, totalLost: -1 });
  });

  it('tells jitter as the mean deviation of transit times, a sixteenth at a time (appendix A.8)', () => {
    const late = (i: number) => (i % 2 === 0 ? i : i + 8);
    let jitter = 0;
    for (let i = 1; i < 40; i += 1) jitter += (8 - jitter) / 16;
    expect(
      received(
        Array.from({ length: 40 }, (_, i) => (65_530 + i) & 0xffff),
        late,
      ).report(0).jitter,
    ).toBe(Math.floor(jitter));
  });

  it('tells how long ago the sender last told its time', () => {
    const reception = received([65_530]);
    const wallMs = Date.UTC(2026, 0, 1);
    const { senderTime } = readRtcp(senderReport({ ssrc: 7, wallMs, timestamp: 0, packets: 1, bytes: 1 }, 'camera'));
    // The lower 16 bits of the seconds since 1900, and no fraction.
    expect(senderTime).toEqual({ ssrc: 7, time: (((wallMs / 1000 + 2_208_988_800) & 0xffff) << 16) >>> 0 });
    reception.senderReport(senderTime?.time as number, 1000);
    expect(reception.report(1500)).toMatchObject({ lastReport: senderTime?.time, sinceReport: 32_768 });
  });

  it('stands in a packet with the name of who reports (sections 6.4.2 and 6.5)', () => {
    const about = { ssrc: 7, fractionLost: 1, totalLost: -2, highestSequence: 3, jitter: 4, lastReport: 5, sinceReport: 6 };
    const bytes = receiverReport(9, about, 'me');
    const head = '81c90007' + '00000009' + '00000007' + '01' + 'fffffe' + '00000003' + '00000004' + '00000005' + '00000006';
    expect(bytes.toString('hex')).toBe(`${head}81ca0003${'00000009'}01026d65${'00000000'}`);
    expect(receiverReport(9, undefined, 'me').toString('hex', 0, 8)).toBe('80c9000100000009');
  });
});

describe('what a camera reports', () => {
  it('is its goodbye, also behind other things', () => {
    const bye = Buffer.from('81cb000100000007', 'hex');
    expect(readRtcp(Buffer.concat([receiverReport(9, undefined, 'me'), bye])).goodbye).toBe(true);
    expect(readRtcp(receiverReport(9, undefined, 'me')).goodbye).toBe(false);
  });

  it.each(['', '81', '81cb0001', '81cbffff00000007', '01cb000100000007', '80c8000100000007'])('is nothing in %j', (hex) => {
    expect(readRtcp(Buffer.from(hex, 'hex'))).toEqual({ goodbye: false });
  });
});
