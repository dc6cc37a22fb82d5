import type { Depacketizer, DepacketizerEvents } from './access-unit.ts';
import { NalCollector, type NalMeaning } from './nal-collector.ts';
import type { RtpPacket } from './rtp-packet.ts';

/** Types of NAL units: ITU-T H.265, table 7-1. Below 32 they are parts of pictures; 16 to 23 can be decoded without any before them. */
const FIRST_KEY = 16;
const LAST_KEY = 23;
const VPS = 32;
const PPS = 34;
const DELIMITER = 35;
const FILLER = 38;
/** Types of payloads beyond NAL units: RFC 7798, section 4.4. */
const AGGREGATION = 48;
const FRAGMENTATION = 49;

const HEAD_BYTES = 2;

/**
 * H.265 in RTP (RFC 7798): single NAL units (section 4.4.1), several in one packet (AP, 4.4.2), one in several packets (FU, 4.4.3). The
 * decoding order must be that of the packets (`sprop-max-don-diff` of 0): then there are no order numbers in the packets.
 */
export class H265Depacketizer implements Depacketizer {
  private readonly nals: NalCollector;

  /** @param parameterSets VPS, SPS and PPS from the description. */
  constructor(parameterSets: readonly Buffer[], events: DepacketizerEvents) {
    this.nals = new NalCollector(h265Meaning, parameterSets, events);
  }

  push({ payload, timestamp, marker }: RtpPacket, arrivedMs: number, lost: number): void {
    if (lost > 0) this.nals.spoil();
    this.nals.at(timestamp, arrivedMs);
    if (payload.length > HEAD_BYTES) this.unpack(payload);
    if (marker) this.nals.marker();
  }

  private unpack(payload: Buffer): void {
    const type = typeOf(payload);
    if (type < AGGREGATION) this.nals.add(payload);
    else if (type === AGGREGATION) this.aggregate(payload);
    else if (type === FRAGMENTATION && payload.length > HEAD_BYTES + 1) this.fragment(payload);
    else this.nals.spoil();
  }

  private aggregate(payload: Buffer): void {
    let at = HEAD_BYTES;
    while (at + 2 <= payload.length) {
      const end = at + 2 + payload.readUInt16BE(at);
      if (end > payload.length || end - at - 2 <= HEAD_BYTES) break;
      this.nals.add(payload.subarray(at + 2, end));
      at = end;
    }
    if (at < payload.length) this.nals.spoil();
  }

  /** The head of the NAL unit is that of the payload, with the type from the head of the fragment. */
  private fragment(payload: Buffer): void {
    const [first, second, head] = [payload[0] as number, payload[1] as number, payload[2] as number];
    const part = payload.subarray(HEAD_BYTES + 1);
    const [isFirst, isLast] = [(head & 0x80) !== 0, (head & 0x40) !== 0];
    if (!isFirst) this.nals.continue(part, isLast);
    else this.nals.begin(Buffer.of((first & 0x81) | ((head & 0x3f) << 1), second), part);
  }
}

/** `nal` may be the first part only. A slice begins with a bit that says whether it is the first of its picture (7.3.6.1). */
export function h265Meaning(nal: Buffer): NalMeaning {
  const type = typeOf(nal);
  if (type < VPS) return { kind: 'picture', key: type >= FIRST_KEY && type <= LAST_KEY, first: (nal[2] ?? 0) >= 0x80 };
  if (type <= PPS) return { kind: 'parameters' };
  return { kind: type === DELIMITER || type === FILLER ? 'useless' : 'other' };
}

function typeOf(nal: Buffer): number {
  return ((nal[0] as number) >> 1) & 0x3f;
}

/** The sets of `sprop-vps`, `sprop-sps` and `sprop-pps` (section 7.1). */
export function h265ParameterSets(parameters: ReadonlyMap<string, string>): Buffer[] {
  const texts = ['sprop-vps', 'sprop-sps', 'sprop-pps'].flatMap((name) => (parameters.get(name) ?? '').split(','));
  const sets = texts.map((text) => Buffer.from(text.trim(), 'base64'));
  return sets.filter((set) => set.length > HEAD_BYTES && h265Meaning(set).kind === 'parameters');
}
