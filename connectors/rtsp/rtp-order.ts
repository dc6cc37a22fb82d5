import type { RtpPacket } from './rtp-packet.ts';

/** A packet in its turn. */
export interface OrderedPacket {
  readonly packet: RtpPacket;
  readonly arrivedMs: number;
  /** How many packets are missing right before it; 1 where the numbers begin anew and nobody knows. */
  readonly lost: number;
}

/** Steps of the sequence number beyond these are a new beginning, not loss or disorder (RFC 3550, appendix A.1). */
const LARGEST_STEP = 3000;
const LARGEST_STEP_BACK = 100;

/**
 * Puts packets in the order of their sequence numbers, drops what comes twice or too late, and tells what is missing. A packet that comes
 * too early waits for those before it until `depth` packets wait, or one of them has waited for `waitMs`, which is looked at when a packet
 * comes. Over TCP nothing is out of order: a depth of 0.
 */
export class RtpOrder {
  private readonly depth: number;
  private readonly waitMs: number;
  private readonly emit: (ordered: OrderedPacket) => void;
  private readonly waiting: { readonly packet: RtpPacket; readonly arrivedMs: number }[] = [];
  private expected: number | undefined;
  private ssrc = 0;
  /** 1 before the first packet of a new beginning: nobody knows what is missing. */
  private unknown = 0;

  constructor(depth: number, waitMs: number, emit: (ordered: OrderedPacket) => void) {
    this.depth = depth;
    this.waitMs = waitMs;
    this.emit = emit;
  }

  push(packet: RtpPacket, arrivedMs: number): void {
    if (this.expected === undefined || packet.ssrc !== this.ssrc) this.begin(packet);
    const ahead = this.ahead(packet);
    if (ahead > LARGEST_STEP || ahead < -LARGEST_STEP_BACK) this.begin(packet);
    else if (ahead < 0) return;
    if (this.waiting.length === 0 && this.ahead(packet) === 0) {
      this.give(packet, arrivedMs);
      return;
    }
    this.insert(packet, arrivedMs);
    this.release(arrivedMs);
  }

  /** Another sender, or the same one anew: what waits of the old is given up. */
  private begin({ sequence, ssrc }: RtpPacket): void {
    for (const { packet, arrivedMs } of this.waiting.splice(0)) this.give(packet, arrivedMs);
    this.unknown = this.expected === undefined ? 0 : 1;
    this.expected = sequence;
    this.ssrc = ssrc;
  }

  /** How far a packet is ahead of the one that is due: −32768…32767. */
  private ahead({ sequence }: RtpPacket): number {
    return ((sequence - (this.expected as number) + 0x1_8000) & 0xffff) - 0x8000;
  }

  private insert(packet: RtpPacket, arrivedMs: number): void {
    const ahead = this.ahead(packet);
    let at = this.waiting.length;
    while (at > 0 && this.ahead((this.waiting[at - 1] as OrderedPacket).packet) > ahead) at -= 1;
    if (at > 0 && this.waiting[at - 1]?.packet.sequence === packet.sequence) return;
    this.waiting.splice(at, 0, { packet, arrivedMs });
  }

  private release(nowMs: number): void {
    for (let first = this.waiting[0]; first !== undefined; first = this.waiting[0]) {
      const due = this.ahead(first.packet) === 0 || this.waiting.length > this.depth || this.hasWaited(nowMs);
      if (!due) return;
      this.waiting.shift();
      this.give(first.packet, first.arrivedMs);
    }
  }

  private hasWaited(nowMs: number): boolean {
    return this.waiting.some(({ arrivedMs }) => nowMs - arrivedMs >= this.waitMs);
  }

  private give(packet: RtpPacket, arrivedMs: number): void {
    const lost = this.ahead(packet) + this.unknown;
    this.unknown = 0;
    this.expected = (packet.sequence + 1) & 0xffff;
    this.emit({ packet, arrivedMs, lost });
  }
}
