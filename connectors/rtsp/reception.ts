import type { RtpPacket } from './rtp-packet.ts';

/** What a receiver report says about one sender (RFC 3550, section 6.4.1). */
export interface ReceptionReport {
  readonly ssrc: number;
  /** Of the packets since the last report, in 256ths. */
  readonly fractionLost: number;
  /** Since the beginning; duplicates count against it. */
  readonly totalLost: number;
  /** The highest sequence number, with the number of times it wrapped around in the upper 16 bits. */
  readonly highestSequence: number;
  /** Ticks of RTP time. */
  readonly jitter: number;
  /** The middle 32 bits of the last sender report's time, and how long ago it came, in 65 536ths of a second; 0: there was none. */
  readonly lastReport: number;
  readonly sinceReport: number;
}

/** Counts what comes from one sender, by the formulas of RFC 3550: loss as in appendix A.3, jitter as in A.8. */
export class Reception {
  readonly ssrc: number;
  private readonly ticksPerMs: number;
  private readonly base: number;
  private highest: number;
  private received = 0;
  private before = { expected: 0, received: 0 };
  private transit: number | undefined;
  private jitter = 0;
  private sender: { readonly time: number; readonly atMs: number } | undefined;

  constructor({ ssrc, sequence }: RtpPacket, clockRate: number) {
    this.ssrc = ssrc;
    this.ticksPerMs = clockRate / 1000;
    this.base = sequence;
    this.highest = sequence;
  }

  packet({ sequence, timestamp }: RtpPacket, arrivedMs: number): void {
    this.received += 1;
    const step = ((sequence - this.highest + 0x8000) & 0xffff) - 0x8000;
    if (step > 0) this.highest += step;
    const transit = (Math.round(arrivedMs * this.ticksPerMs) - timestamp) | 0;
    if (this.transit !== undefined) this.jitter += (Math.abs((transit - this.transit) | 0) - this.jitter) / 16;
    this.transit = transit;
  }

  /** The sender told its time: the middle 32 bits of it. */
  senderReport(time: number, arrivedMs: number): void {
    this.sender = { time, atMs: arrivedMs };
  }

  /** For now; begins the next interval. */
  report(nowMs: number): ReceptionReport {
    const { received, before, sender } = this;
    const expected = this.highest - this.base + 1;
    const [expectedNow, lostNow] = [expected - before.expected, expected - before.expected - (received - before.received)];
    this.before = { expected, received };
    return {
      ssrc: this.ssrc,
      fractionLost: lostNow <= 0 ? 0 : Math.min(255, Math.floor((lostNow * 256) / expectedNow)),
      totalLost: Math.max(-0x80_0000, Math.min(0x7f_ffff, expected - received)),
      highestSequence: this.highest >>> 0,
      jitter: Math.floor(this.jitter) >>> 0,
      lastReport: sender?.time ?? 0,
      sinceReport: sender === undefined ? 0 : Math.round((nowMs - sender.atMs) * 65.536) >>> 0,
    };
  }
}
