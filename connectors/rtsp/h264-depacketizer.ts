import type { Depacketizer, DepacketizerEvents } from './access-unit.ts';
import { NalCollector, type NalMeaning } from './nal-collector.ts';
import type { RtpPacket } from './rtp-packet.ts';

/** Types of NAL units: ITU-T H.264, table 7-1. */
const SLICE = 1;
const IDR = 5;
const SEI = 6;
const SPS = 7;
const PPS = 8;
const DELIMITER = 9;
const FILLER = 12;
/** Types of payloads beyond NAL units: RFC 6184, table 1. */
const STAP_A = 24;
const FU_A = 28;

const SEI_RECOVERY_POINT = 6;

/**
 * H.264 in RTP, non-interleaved (RFC 6184): single NAL units (section 5.6), several in one packet (STAP-A, 5.7.1), one in several packets
 * (FU-A, 5.8). Other payloads belong to the interleaved mode, which no camera uses: they count as damage.
 */
export class H264Depacketizer implements Depacketizer {
  private readonly nals: NalCollector;

  /** @param parameterSets SPS and PPS from the description. */
  constructor(parameterSets: readonly Buffer[], events: DepacketizerEvents) {
    this.nals = new NalCollector(h264Meaning, parameterSets, events);
  }

  push({ payload, timestamp, marker }: RtpPacket, arrivedMs: number, lost: number): void {
    if (lost > 0) this.nals.spoil();
    this.nals.at(timestamp, arrivedMs);
    if (payload.length > 0) this.unpack(payload);
    if (marker) this.nals.marker();
  }

  private unpack(payload: Buffer): void {
    const type = (payload[0] as number) & 0x1f;
    if (type > 0 && type < STAP_A) this.nals.add(payload);
    else if (type === STAP_A) this.aggregate(payload);
    else if (type === FU_A && payload.length > 2) this.fragment(payload);
    else this.nals.spoil();
  }

  private aggregate(payload: Buffer): void {
    let at = 1;
    while (at + 2 <= payload.length) {
      const end = at + 2 + payload.readUInt16BE(at);
      if (end > payload.length) break;
      this.nals.add(payload.subarray(at + 2, end));
      at = end;
    }
    if (at < payload.length) this.nals.spoil();
  }

  /** The head of the NAL unit is put together from the indicator and the head of the fragment. */
  private fragment(payload: Buffer): void {
    const [indicator, head] = [payload[0] as number, payload[1] as number];
    const part = payload.subarray(2);
    const [isFirst, isLast] = [(head & 0x80) !== 0, (head & 0x40) !== 0];
    if (!isFirst) this.nals.continue(part, isLast);
    else this.nals.begin(Buffer.of((indicator & 0xe0) | (head & 0x1f)), part);
  }
}

/** `nal` may be the first part only. */
export function h264Meaning(nal: Buffer): NalMeaning {
  const type = (nal[0] as number) & 0x1f;
  if (type >= SLICE && type <= IDR) return picture(type, nal[1] ?? 0);
  if (type === SPS || type === PPS) return { kind: 'parameters' };
  if (type === DELIMITER || type === FILLER) return { kind: 'useless' };
  return { kind: 'other', key: type === SEI && hasRecoveryPoint(nal) };
}

/**
 * The slice header (7.3.3) begins with the address of its first macroblock and its type as Exp-Golomb codes: for the first slice of a
 * picture a one bit and then, for an intra slice, 011 (type 2) or 0001000 (type 7).
 */
function picture(type: number, header: number): NalMeaning {
  return { kind: 'picture', key: type === IDR, intra: header === 0x88 || header >> 4 === 0x0b, first: header >= 0x80 };
}

/** Looks through the messages (7.3.2.3) for a recovery point (D.1.8), where cameras without IDR pictures let decoding begin. */
function hasRecoveryPoint(nal: Buffer): boolean {
  let at = 1;
  while (at + 2 < nal.length) {
    const [type, sizeBytes] = [nal[at] as number, nal[at + 1] as number];
    if (type === SEI_RECOVERY_POINT) return true;
    if (type === 0xff || sizeBytes === 0xff) return false;
    at += 2 + sizeBytes;
  }
  return false;
}

/** The sets of `sprop-parameter-sets` (section 8.1); what is no base64 of anything is left out. */
export function h264ParameterSets(parameters: ReadonlyMap<string, string>): Buffer[] {
  const sets = (parameters.get('sprop-parameter-sets') ?? '').split(',').map((set) => Buffer.from(set.trim(), 'base64'));
  return sets.filter((set) => set.length > 1 && h264Meaning(set).kind === 'parameters');
}
