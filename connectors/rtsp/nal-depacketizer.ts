import type { Depacketizer, DepacketizerEvents } from './access-unit.ts';
import { ForeignPackets, type PacketOrigin } from './foreign-packets.ts';
import { NalCollector, type NalMeaning } from './nal-collector.ts';
import type { RtpPacket } from './rtp-packet.ts';

/** How a codec packs its NAL units into RTP. */
export interface NalPacking {
  /** Bytes before what a NAL unit, an aggregate or a fragment carries. */
  readonly headBytes: number;
  /** A NAL unit, several, a part of one, or what nobody understands. */
  readonly kindOf: (payload: Buffer) => 'single' | 'aggregate' | 'fragment' | 'unknown';
  /** The head of the NAL unit that a fragment belongs to. @param type from the head of the fragment */
  readonly headOf: (payload: Buffer, type: number) => Buffer;
  /** The bits of the type in the head of a fragment. */
  readonly typeMask: number;
  /** `nal` may be the first part only. */
  readonly meaningOf: (nal: Buffer) => NalMeaning;
  readonly originOf: (payload: Buffer) => PacketOrigin;
}

const FIRST_PART = 0x80;
const LAST_PART = 0x40;
const LENGTH_BYTES = 2;

/**
 * H.264 and H.265 in RTP: single NAL units, several in one packet, one in several packets. Packets must come in the order in which they
 * are decoded (not interleaved).
 */
export class NalDepacketizer implements Depacketizer {
  private readonly packing: NalPacking;
  private readonly nals: NalCollector;
  private readonly foreign: ForeignPackets;

  /** @param parameterSets from the description. */
  constructor(packing: NalPacking, parameterSets: readonly Buffer[], events: DepacketizerEvents) {
    this.packing = packing;
    this.nals = new NalCollector(packing.meaningOf, parameterSets, events);
    this.foreign = new ForeignPackets(packing.originOf, () => events.changed());
  }

  push({ payload, timestamp, marker }: RtpPacket, arrivedMs: number, lost: number): void {
    if (lost > 0) this.nals.spoil();
    this.nals.at(timestamp, arrivedMs);
    if (payload.length >= this.packing.headBytes) this.unpack(payload);
    if (marker) this.nals.marker();
  }

  private unpack(payload: Buffer): void {
    this.foreign.see(payload);
    const kind = this.packing.kindOf(payload);
    if (kind === 'single') this.nals.add(payload);
    else if (kind === 'aggregate') this.aggregate(payload);
    else if (kind === 'fragment' && payload.length > this.packing.headBytes + 1) this.fragment(payload);
    else this.nals.spoil();
  }

  private aggregate(payload: Buffer): void {
    let at = this.packing.headBytes;
    while (at + LENGTH_BYTES <= payload.length) {
      const begin = at + LENGTH_BYTES;
      const end = begin + payload.readUInt16BE(at);
      if (end > payload.length || end - begin < this.packing.headBytes) break;
      this.nals.add(payload.subarray(begin, end));
      at = end;
    }
    if (at < payload.length) this.nals.spoil();
  }

  /** The head of the NAL unit is put together from that of the payload and that of the fragment. */
  private fragment(payload: Buffer): void {
    const { headBytes, typeMask, headOf } = this.packing;
    const head = payload[headBytes] as number;
    const part = payload.subarray(headBytes + 1);
    if ((head & FIRST_PART) === 0) this.nals.continue(part, (head & LAST_PART) !== 0);
    else this.nals.begin(headOf(payload, head & typeMask), part);
  }
}
