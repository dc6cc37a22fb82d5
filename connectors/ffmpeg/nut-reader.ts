import { OcelliError } from '../../engine/errors.ts';
import { NEED_MORE, NutBytes } from './nut-bytes.ts';
import { FLAG, type MainHeader, readMainHeader, readStreamHeader, type StreamHeader } from './nut-headers.ts';

/** Where the bytes of a frame go, as they come. */
export interface FrameTarget {
  begin(sizeBytes: number): void;
  /** `bytes` stand at `offset` of the frame. Valid only during the call. */
  write(bytes: Uint8Array, offset: number): void;
  /** The frame is complete. Times are whole microseconds. */
  finish(timeUs: number): void;
}

const FILE_ID = 'nut/multimedia container\0';
const START = { main: 0x4e4d7a56, stream: 0x4e531140, syncpoint: 0x4e4be4ad } as const;
const START_CODE_BYTES = 8;
const CHECKSUM_BYTES = 4;
/** Packets longer than this carry a checksum of their header as well. */
const LONG_PACKET_BYTES = 4096;

/**
 * Reads raw video with its times from NUT, as ffmpeg writes it to a pipe: one stream, chunk by chunk, no byte copied but into its frame.
 *
 *   file id ─▶ between ──start code──▶ packet (headers, sync points) ─▶ between
 *                 │  ▲
 *       frame code│  │last byte
 *                 ▼  │
 *               inside a frame
 *
 * Format: "NUT Open Container Format", https://git.ffmpeg.org/nut; a pipe loses and corrupts nothing, so anything unexpected is an error.
 */
export class NutReader {
  private readonly target: FrameTarget;
  private rest: Uint8Array = new Uint8Array();
  private opened = false;
  private main: MainHeader | undefined;
  private stream: StreamHeader | undefined;
  private lastPts = 0;
  private framePts = 0;
  private frameBytes = 0;
  private frameOffset = 0;

  constructor(target: FrameTarget) {
    this.target = target;
  }

  /** True when the stream ended in the middle of a frame: the end of the pipe cut it off. */
  get insideFrame(): boolean {
    return this.frameOffset < this.frameBytes;
  }

  push(chunk: Uint8Array): void {
    const bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    let position = 0;
    while (position < bytes.length) {
      const next = this.insideFrame ? this.pixels(bytes, position) : this.element(bytes, position);
      if (next === undefined) break;
      position = next;
    }
    this.rest = position < bytes.length ? Uint8Array.from(bytes.subarray(position)) : bytes.subarray(bytes.length);
  }

  private pixels(bytes: Uint8Array, position: number): number {
    const end = Math.min(bytes.length, position + this.frameBytes - this.frameOffset);
    this.target.write(bytes.subarray(position, end), this.frameOffset);
    this.frameOffset += end - position;
    if (!this.insideFrame) this.finishFrame();
    return end;
  }

  private finishFrame(): void {
    this.frameBytes = 0;
    this.frameOffset = 0;
    const [numerator, denominator] = this.timeBase();
    this.target.finish(numerator * 1e6 === denominator ? this.framePts : Math.round((this.framePts * numerator * 1e6) / denominator));
  }

  /** Reads what stands between two frames. `undefined`: it is not complete yet. */
  private element(bytes: Uint8Array, position: number): number | undefined {
    const reader = new NutBytes(bytes, position);
    try {
      if (!this.opened) this.fileId(reader);
      else if (bytes[position] === 0x4e) this.packet(bytes, reader);
      else this.frameHeader(reader);
      return reader.position;
    } catch (error) {
      if (error === NEED_MORE) return undefined;
      throw error;
    }
  }

  private fileId(reader: NutBytes): void {
    const id = Buffer.from(reader.take(FILE_ID.length)).toString('latin1');
    if (id !== FILE_ID) throw unexpected('the beginning of a NUT stream', JSON.stringify(id));
    this.opened = true;
  }

  private packet(bytes: Uint8Array, reader: NutBytes): void {
    const code = Buffer.from(reader.take(START_CODE_BYTES)).readUInt32BE();
    const sizeBytes = reader.unsigned();
    if (sizeBytes > LONG_PACKET_BYTES) reader.skip(CHECKSUM_BYTES);
    reader.demand(sizeBytes);
    const body = new NutBytes(bytes, reader.position, reader.position + sizeBytes - CHECKSUM_BYTES);
    if (code === START.main) this.main = readMainHeader(body);
    else if (code === START.stream) this.stream = readStreamHeader(body);
    else if (code === START.syncpoint) this.syncpoint(body);
    reader.skip(sizeBytes);
  }

  /** Times of frames are told as differences from here. */
  private syncpoint(body: NutBytes): void {
    const { timeBases } = this.headers().main;
    const coded = body.unsigned();
    const [fromNumerator, fromDenominator] = timeBases[coded % timeBases.length] as readonly [number, number];
    const [numerator, denominator] = this.timeBase();
    const pts = Math.floor(coded / timeBases.length);
    const same = fromNumerator === numerator && fromDenominator === denominator;
    this.lastPts = same ? pts : Math.floor((pts * fromNumerator * denominator) / (fromDenominator * numerator));
  }

  private frameHeader(reader: NutBytes): void {
    const { main } = this.headers();
    const code = main.frameCodes[reader.byte()];
    if (code === undefined) throw unexpected('a frame code', 'none');
    const flags = code.flags & FLAG.coded ? code.flags ^ reader.unsigned() : code.flags;
    if (flags & (FLAG.invalid | FLAG.sideData)) throw unexpected('raw video', `a frame with flags ${flags}`);
    if (flags & FLAG.streamId) reader.unsigned();
    const pts = flags & FLAG.codedPts ? this.codedPts(reader.unsigned()) : this.lastPts + code.ptsDelta;
    const sizeBytes = code.sizeLsb + (flags & FLAG.sizeMsb ? code.sizeMul * reader.unsigned() : 0);
    if (flags & FLAG.matchTime) reader.signed();
    const elided = main.elided[flags & FLAG.headerIndex ? reader.unsigned() : code.headerIndex] as Uint8Array;
    const reserved = flags & FLAG.reserved ? reader.unsigned() : code.reserved;
    for (let field = 0; field < reserved; field += 1) reader.unsigned();
    if (flags & FLAG.checksum) reader.skip(CHECKSUM_BYTES);
    this.beginFrame(pts, sizeBytes, elided);
  }

  private beginFrame(pts: number, sizeBytes: number, elided: Uint8Array): void {
    this.lastPts = pts;
    this.framePts = pts;
    this.frameBytes = sizeBytes;
    this.frameOffset = elided.length;
    this.target.begin(sizeBytes);
    if (elided.length > 0) this.target.write(elided, 0);
    if (!this.insideFrame) this.finishFrame();
  }

  /** Either the whole time, or its lower bits, to be completed from the time before it. */
  private codedPts(coded: number): number {
    const range = 2 ** (this.stream as StreamHeader).msbPtsShift;
    if (coded >= range) return coded - range;
    const lowest = this.lastPts - Math.floor(range / 2);
    const behind = (coded - lowest) % range;
    return lowest + (behind < 0 ? behind + range : behind);
  }

  private timeBase(): readonly [number, number] {
    const { main, stream } = this.headers();
    return main.timeBases[stream.timeBase] as readonly [number, number];
  }

  private headers(): { readonly main: MainHeader; readonly stream: StreamHeader } {
    const { main, stream } = this;
    if (main === undefined || stream === undefined) throw unexpected('the headers of a NUT stream before its frames', 'frames');
    return { main, stream };
  }
}

function unexpected(expected: string, came: string): OcelliError {
  return new OcelliError('CAMERA_LOCAL', `Expected ${expected} from ffmpeg, got ${came}. Is FFMPEG_PATH an ffmpeg?`);
}
