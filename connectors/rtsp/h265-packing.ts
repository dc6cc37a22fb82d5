import type { NalMeaning } from './nal-collector.ts';
import type { NalPacking } from './nal-depacketizer.ts';

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
export const H265: NalPacking = {
  headBytes: HEAD_BYTES,
  kindOf: (payload) => {
    const type = typeOf(payload);
    if (type === AGGREGATION) return 'aggregate';
    if (type === FRAGMENTATION) return 'fragment';
    return type < AGGREGATION ? 'single' : 'unknown';
  },
  headOf: (payload, type) => Buffer.of(((payload[0] as number) & 0x81) | (type << 1), payload[1] as number),
  typeMask: 0x3f,
  meaningOf: h265Meaning,
  originOf: (payload) => {
    const type = typeOf(payload);
    if (isReserved(type) || !isOfBaseLayer(payload)) return 'foreign';
    return OWN.has(type) ? 'own' : 'unclear';
  },
};

/** What every picture of a camera is made of: ordinary pictures, key pictures, and packets of several or of a part. */
const OWN: ReadonlySet<number> = new Set([0, 1, 16, 17, 18, 19, 20, 21, AGGREGATION, FRAGMENTATION]);

/** Types that nobody sends: reserved (10 to 15, 22 to 31, 41 to 47), and beyond those of packets. */
function isReserved(type: number): boolean {
  return (type >= 10 && type <= 15) || (type >= 22 && type <= 31) || (type >= 41 && type <= 47) || type > FRAGMENTATION;
}

/** Cameras have one layer, number 0, and the number of the temporal layer counts from 1. Heads of H.264 look otherwise. */
function isOfBaseLayer(nal: Buffer): boolean {
  const [first, second] = [nal[0] as number, nal[1] as number];
  return (first & 0x81) === 0 && second >> 3 === 0 && (second & 0x07) !== 0;
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
