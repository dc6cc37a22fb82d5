import type { NutBytes } from './nut-bytes.ts';

/** Bits of a frame's flags. */
export const FLAG = {
  codedPts: 8,
  streamId: 16,
  sizeMsb: 32,
  checksum: 64,
  reserved: 128,
  sideData: 256,
  headerIndex: 1024,
  matchTime: 2048,
  coded: 4096,
  invalid: 8192,
} as const;

/** What one of the 256 frame codes stands for. */
export interface FrameCode {
  readonly flags: number;
  readonly ptsDelta: number;
  readonly sizeMul: number;
  readonly sizeLsb: number;
  readonly reserved: number;
  readonly headerIndex: number;
}

export interface MainHeader {
  readonly version: number;
  /** Seconds of a tick, as numerator and denominator. */
  readonly timeBases: readonly (readonly [numerator: number, denominator: number])[];
  readonly frameCodes: readonly FrameCode[];
  /** Beginnings of frames that the muxer leaves out; number 0 is empty. */
  readonly elided: readonly Uint8Array[];
}

export interface StreamHeader {
  readonly timeBase: number;
  readonly msbPtsShift: number;
}

const EMPTY = new Uint8Array();
const INVALID: FrameCode = { flags: FLAG.invalid, ptsDelta: 0, sizeMul: 1, sizeLsb: 0, reserved: 0, headerIndex: 0 };

/** The main header, section 4.1 of the format. */
export function readMainHeader(bytes: NutBytes): MainHeader {
  const version = bytes.unsigned();
  if (version > 3) bytes.unsigned(); // minor version
  bytes.unsigned(); // number of streams: one a pipe
  bytes.unsigned(); // max_distance
  const timeBases = Array.from({ length: bytes.unsigned() }, () => [bytes.unsigned(), bytes.unsigned()] as const);
  const frameCodes = readFrameCodes(bytes);
  const elided = [EMPTY, ...Array.from({ length: bytes.unsigned() }, () => Uint8Array.from(bytes.take(bytes.unsigned())))];
  return { version, timeBases, frameCodes, elided };
}

/** Runs of codes that share their fields; inside a run the lower part of the size counts up. Code `N` begins a start code instead. */
function readFrameCodes(bytes: NutBytes): FrameCode[] {
  const codes: FrameCode[] = [];
  let [ptsDelta, sizeMul, headerIndex] = [0, 1, 0];
  while (codes.length < 256) {
    const flags = bytes.unsigned();
    const fields = bytes.unsigned();
    if (fields > 0) ptsDelta = bytes.signed();
    if (fields > 1) sizeMul = bytes.unsigned();
    if (fields > 2) bytes.unsigned(); // stream: one a pipe
    const size = fields > 3 ? bytes.unsigned() : 0;
    const reserved = fields > 4 ? bytes.unsigned() : 0;
    const count = fields > 5 ? bytes.unsigned() : sizeMul - size;
    if (fields > 6) bytes.signed(); // match time
    if (fields > 7) headerIndex = bytes.unsigned();
    for (let field = 8; field < fields; field += 1) bytes.unsigned();
    for (let run = 0; run < count && codes.length < 256; run += 1) {
      if (codes.length === 0x4e) codes.push(INVALID);
      codes.push({ flags, ptsDelta, sizeMul, sizeLsb: size + run, reserved, headerIndex });
    }
  }
  return codes;
}

/** The part of a stream header that a frame's time needs, section 4.2. */
export function readStreamHeader(bytes: NutBytes): StreamHeader {
  bytes.unsigned(); // stream
  bytes.unsigned(); // class
  bytes.skip(bytes.unsigned()); // fourcc
  const timeBase = bytes.unsigned();
  return { timeBase, msbPtsShift: bytes.unsigned() };
}
