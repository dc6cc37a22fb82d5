/** What a JPEG header must say of a picture that came in RTP. */
export interface JpegFrame {
  /** Pixels, multiples of 8. */
  readonly width: number;
  readonly height: number;
  /** 0: colour at half of the width (4:2:2). 1: at half of width and height (4:2:0). */
  readonly type: number;
  /** Tables of 64 bytes in zigzag order, for luma and then chroma, or one for both. */
  readonly tables: readonly Buffer[];
  /** Macroblocks between restart markers; 0: there are none. */
  readonly restartInterval: number;
}

/** The tables of ITU-T T.81, annex K.1, in zigzag order: what a quality factor scales. */
const LUMA = [
  16, 11, 12, 14, 12, 10, 16, 14, 13, 14, 18, 17, 16, 19, 24, 40, 26, 24, 22, 22, 24, 49, 35, 37, 29, 40, 58, 51, 61, 60, 57, 51, 56, 55,
  64, 72, 92, 78, 64, 68, 87, 69, 55, 56, 80, 109, 81, 87, 95, 98, 103, 104, 103, 62, 77, 113, 121, 112, 100, 120, 92, 101, 103, 99,
];
const CHROMA = [17, 18, 18, 24, 21, 24, 47, 26, 26, 47, 99, 66, 56, 66, ...Array<number>(50).fill(99)];

/** The Huffman tables of annex K.3: how many codes there are of each length from 1 to 16, and what they stand for. */
const DC_LUMA = [[0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0], '000102030405060708090a0b'] as const;
const DC_CHROMA = [[0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0], '000102030405060708090a0b'] as const;
const AC_LUMA = [
  [0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 0x7d],
  '01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a25262728292a3435363738393a' +
    '434445464748494a535455565758595a636465666768696a737475767778797a838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aa' +
    'b2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9fa',
] as const;
const AC_CHROMA = [
  [0, 2, 1, 2, 4, 4, 3, 4, 7, 5, 4, 4, 0, 1, 2, 0x77],
  '000102031104052131061241510761711322328108144291a1b1c109233352f0156272d10a162434e125f11718191a262728292a35363738393a' +
    '434445464748494a535455565758595a636465666768696a737475767778797a82838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aa' +
    'b2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae2e3e4e5e6e7e8e9eaf2f3f4f5f6f7f8f9fa',
] as const;

const START_OF_IMAGE = Buffer.of(0xff, 0xd8);
export const END_OF_IMAGE = Buffer.of(0xff, 0xd9);
const HUFFMAN = Buffer.concat([
  huffmanSegment(0x00, DC_LUMA),
  huffmanSegment(0x10, AC_LUMA),
  huffmanSegment(0x01, DC_CHROMA),
  huffmanSegment(0x11, AC_CHROMA),
]);

/** Everything of a JPEG that stands before the scan: RTP carries only the scan (RFC 2435, section 3.1.6 and appendix B). */
export function jpegHeader(frame: JpegFrame): Buffer {
  const quantization = frame.tables.map((table, number) => segment(0xdb, Buffer.concat([Buffer.of(number), table])));
  const restart = frame.restartInterval > 0 ? [segment(0xdd, bigEndian(frame.restartInterval))] : [];
  const scan = segment(0xda, Buffer.of(3, 1, 0x00, 2, 0x11, 3, 0x11, 0, 63, 0));
  return Buffer.concat([START_OF_IMAGE, ...quantization, ...restart, startOfFrame(frame), HUFFMAN, scan]);
}

/** Three components of 8 bits; colour has the second table, if there is one. */
function startOfFrame({ width, height, type, tables }: JpegFrame): Buffer {
  const [sampling, chromaTable] = [type === 0 ? 0x21 : 0x22, tables.length - 1];
  const components = [1, sampling, 0, 2, 0x11, chromaTable, 3, 0x11, chromaTable];
  return segment(0xc0, Buffer.concat([Buffer.of(8), bigEndian(height), bigEndian(width), Buffer.of(3, ...components)]));
}

/** The tables for a quality factor of 1 to 99 (RFC 2435, section 4.2). */
export function quantizationTables(quality: number): Buffer[] {
  const scale = quality < 50 ? Math.floor(5000 / quality) : 200 - 2 * quality;
  const scaled = (value: number) => Math.min(255, Math.max(1, Math.floor((value * scale + 50) / 100)));
  return [LUMA, CHROMA].map((table) => Buffer.from(table.map(scaled)));
}

function huffmanSegment(id: number, [counts, values]: readonly [readonly number[], string]): Buffer {
  return segment(0xc4, Buffer.concat([Buffer.of(id, ...counts), Buffer.from(values, 'hex')]));
}

/** A marker, the length with its own two bytes, the content. */
function segment(marker: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.of(0xff, marker), bigEndian(content.length + 2), content]);
}

function bigEndian(value: number): Buffer {
  return Buffer.of(value >> 8, value & 0xff);
}
