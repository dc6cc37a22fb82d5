import { OcelliError, sentenceOf } from '../../errors.ts';
import { parseRecord } from '../../records/parse-record.ts';
import type { GapRecord, ImageSize, MarkRecord } from '../../records/record.ts';
import type { Frame, Letterbox } from '../frame.ts';
import type { FrameEncoding } from '../frame-encoding.ts';

/**
 * A record of topic `frames`: its key is the camera, its value begins as below, so that what a frame is can be read without decoding it.
 * Numbers are big-endian and without a sign; times are milliseconds since 1970.
 *
 *   byte  size
 *      0     1  version of this layout: 1
 *      1     1  kind: 1 a frame, 2 a gap or mark; of those the record of topic `detections` follows as JSON, and that is all
 *      2     2  where the pixels begin: the size of all before them, in bytes
 *      4     1  encoding of the pixels: 1 raw (planar RGB, a byte a colour: all red, all green, all blue), 2 JPEG
 *      5     1  1 if the picture itself is to be measured, plus 2 if it is of a recording, which is never shed
 *      6     2  0
 *      8     4  sender: a number that the process drew when it started; clocks are compared by it
 *     12     4  freshness: a frame older than this many milliseconds is not looked at (0: of a recording)
 *     16     8  session
 *     24     8  seq
 *     32     8  event time
 *     40     8  arrival by the wall clock of the sender, as a 64-bit floating point number
 *     48     4  milliseconds from there until it was given to the bus, as a 32-bit floating point number
 *     52     8  width and height of the source picture, 4 bytes each
 *     60     4  width and height of this frame, 2 bytes each
 *     64     8  where the source picture lies in it: x, y, width, height, 2 bytes each
 *     72     1  length of the hash of the settings in force
 *     73     n  that hash, in ASCII
 *   73+n        the pixels
 */
export interface FrameHeader extends Omit<Frame, 'type' | 'camera' | 'arrivedMs' | 'statistics' | 'pixels' | 'view'> {
  readonly encoding: FrameEncoding['encoding'];
  readonly statistics: boolean;
  readonly sender: number;
  /** 0 for a recording. */
  readonly freshnessMs: number;
  /** By the wall clock of the sender, in milliseconds since 1970. */
  readonly arrivedAt: number;
  /** Of the frame itself, in pixels. */
  readonly size: ImageSize;
}

export interface EncodedFrame {
  readonly type: 'frame';
  readonly header: FrameHeader;
  /** A part of what was read: copy it to keep it. */
  readonly pixels: Buffer;
}

const VERSION = 1;
const FRAME = 1;
const RECORD = 2;
const RECORD_BEGINS = 2;
const FIXED_BYTES = 73;
const ENCODINGS = ['raw', 'jpeg'] as const;
const STATISTICS = 1;
const RECORDING = 2;

/** The longest that a header becomes. */
export const MOST_HEADER_BYTES = FIXED_BYTES + 255;

export function writeFrame(header: FrameHeader, pixels: Uint8Array): Buffer {
  const begin = FIXED_BYTES + header.settings.length;
  const bytes = Buffer.allocUnsafe(begin + pixels.length);
  writeHeader(bytes, header, begin);
  bytes.set(pixels, begin);
  return bytes;
}

export function writeRecord(record: GapRecord | MarkRecord): Buffer {
  const json = JSON.stringify(record);
  const bytes = Buffer.allocUnsafe(RECORD_BEGINS + Buffer.byteLength(json));
  bytes.set([VERSION, RECORD]);
  bytes.write(json, RECORD_BEGINS);
  return bytes;
}

/**
 * Reads the value of a record of topic `frames`; pixels are not decoded.
 * @throws OcelliError RECORD_INVALID for anything else
 */
export function readItem(bytes: Buffer): EncodedFrame | GapRecord | MarkRecord {
  const [version, kind] = bytes;
  if (version !== VERSION) throw invalid(`version ${version}; this Ocelli reads ${VERSION}. Run the same Ocelli in all processes`);
  if (kind === RECORD) return readRecord(bytes);
  if (kind !== FRAME || bytes.length < FIXED_BYTES) throw invalid(`kind ${kind} and ${bytes.length} bytes`);
  const begin = bytes.readUInt16BE(2);
  if (begin < FIXED_BYTES || begin > bytes.length) throw invalid(`pixels that begin at byte ${begin} of ${bytes.length}`);
  return { type: 'frame', header: readHeader(bytes), pixels: bytes.subarray(begin) };
}

function writeHeader(bytes: Buffer, header: FrameHeader, begin: number): void {
  const { image, size, letterbox, settings } = header;
  bytes.set([VERSION, FRAME]);
  bytes.writeUInt16BE(begin, 2);
  bytes.set([ENCODINGS.indexOf(header.encoding) + 1, flagsOf(header), 0, 0], 4);
  bytes.writeUInt32BE(header.sender, 8);
  bytes.writeUInt32BE(header.freshnessMs, 12);
  [header.session, header.seq, header.time].forEach((value, index) => void bytes.writeBigUInt64BE(BigInt(value), 16 + 8 * index));
  bytes.writeDoubleBE(header.arrivedAt, 40);
  bytes.writeFloatBE(header.decodedMs, 48);
  [image.width, image.height].forEach((value, index) => void bytes.writeUInt32BE(value, 52 + 4 * index));
  const short = [size.width, size.height, letterbox.x, letterbox.y, letterbox.width, letterbox.height];
  short.forEach((value, index) => void bytes.writeUInt16BE(value, 60 + 2 * index));
  bytes[72] = settings.length;
  bytes.write(settings, FIXED_BYTES, 'latin1');
}

function flagsOf({ statistics, clock }: FrameHeader): number {
  return (statistics ? STATISTICS : 0) + (clock === 'recording' ? RECORDING : 0);
}

function readHeader(bytes: Buffer): FrameHeader {
  const flags = bytes.readUInt8(5);
  const encoding = ENCODINGS[bytes.readUInt8(4) - 1];
  if (encoding === undefined) throw invalid(`the encoding ${bytes[4]}`);
  const [session, seq, time] = [16, 24, 32].map((at) => Number(bytes.readBigUInt64BE(at))) as [number, number, number];
  return {
    encoding,
    session,
    seq,
    time,
    clock: (flags & RECORDING) !== 0 ? 'recording' : 'arrival',
    statistics: (flags & STATISTICS) !== 0,
    sender: bytes.readUInt32BE(8),
    freshnessMs: bytes.readUInt32BE(12),
    arrivedAt: bytes.readDoubleBE(40),
    decodedMs: bytes.readFloatBE(48),
    image: { width: bytes.readUInt32BE(52), height: bytes.readUInt32BE(56) },
    size: { width: bytes.readUInt16BE(60), height: bytes.readUInt16BE(62) },
    letterbox: readLetterbox(bytes),
    settings: bytes.toString('latin1', FIXED_BYTES, FIXED_BYTES + bytes.readUInt8(72)),
  };
}

function readLetterbox(bytes: Buffer): Letterbox {
  const [x, y, width, height] = [64, 66, 68, 70].map((at) => bytes.readUInt16BE(at)) as [number, number, number, number];
  return { x, y, width, height };
}

function readRecord(bytes: Buffer): GapRecord | MarkRecord {
  const record = parsed(bytes.toString('utf8', RECORD_BEGINS));
  if (record.type === 'detections') throw invalid('a record of detections');
  return record;
}

function parsed(json: string): ReturnType<typeof parseRecord<'detections'>> {
  try {
    return parseRecord('detections', json);
  } catch (error) {
    throw invalid(sentenceOf(error), error);
  }
}

function invalid(found: string, cause?: unknown): OcelliError {
  return new OcelliError('RECORD_INVALID', `frames: expected a frame, a gap or a mark in layout ${VERSION}, got ${found}.`, { cause });
}
