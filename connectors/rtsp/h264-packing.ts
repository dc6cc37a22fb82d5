import type { NalMeaning } from './nal-collector.ts';
import type { NalPacking } from './nal-depacketizer.ts';

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
export const H264: NalPacking = {
  headBytes: 1,
  kindOf: (payload) => {
    const type = typeOf(payload);
    if (type === STAP_A) return 'aggregate';
    if (type === FU_A) return 'fragment';
    return type > 0 && type < STAP_A ? 'single' : 'unknown';
  },
  headOf: (payload, type) => Buffer.of(((payload[0] as number) & 0xe0) | type),
  typeMask: 0x1f,
  meaningOf: h264Meaning,
  originOf: (payload) => (OWN.has(typeOf(payload)) ? 'own' : FOREIGN.has(typeOf(payload)) ? 'foreign' : 'unclear'),
};

/** What every picture of a camera is made of. H.265 looks like none of it: its first bytes are even, and of these it has no 0x18 and 0x1c. */
const OWN: ReadonlySet<number> = new Set([SLICE, IDR, STAP_A, FU_A]);
/** What no camera sends: no type (0, 30, 31), and slices in parts (2 to 4), which few decoders know. */
const FOREIGN: ReadonlySet<number> = new Set([0, 2, 3, 4, 30, 31]);

function typeOf(nal: Buffer): number {
  return (nal[0] as number) & 0x1f;
}

/** `nal` may be the first part only. */
export function h264Meaning(nal: Buffer): NalMeaning {
  const type = typeOf(nal);
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
