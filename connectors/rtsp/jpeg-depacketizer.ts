import { type Depacketizer, type DepacketizerEvents, UNIT_LIMIT_BYTES } from './access-unit.ts';
import { END_OF_IMAGE, jpegHeader, quantizationTables } from './jpeg-headers.ts';
import type { RtpPacket } from './rtp-packet.ts';

/** What the heads of a packet say (RFC 2435, sections 3.1 to 3.1.8). */
interface JpegPacket {
  readonly offset: number;
  /** 0 or 1, beside restart markers. */
  readonly type: number;
  readonly quality: number;
  readonly width: number;
  readonly height: number;
  readonly restartInterval: number;
  /** Only in the first packet of a picture, and only if the quality is 128 or more; may be empty then: as before. */
  readonly tables: readonly Buffer[] | undefined;
  readonly scan: Buffer;
}

const HEAD_BYTES = 8;
const RESTART_HEAD_BYTES = 4;
const TABLE_HEAD_BYTES = 4;
const TABLE_BYTES = 64;

/** Baseline JPEG in RTP (RFC 2435). Every picture is a key frame; one with a hole is dropped, since nothing in it could be decoded. */
export class JpegDepacketizer implements Depacketizer {
  private readonly events: DepacketizerEvents;
  /** Tables that came with an earlier picture, by quality: they need not come again. */
  private readonly tables = new Map<number, readonly Buffer[]>();
  private head: Buffer | undefined;
  private parts: Buffer[] = [];
  private sizeBytes = 0;
  private timestamp = 0;
  private arrivedMs = 0;
  private spoiled = false;

  constructor(events: DepacketizerEvents) {
    this.events = events;
  }

  push({ payload, timestamp, marker }: RtpPacket, arrivedMs: number, lost: number): void {
    const packet = readJpegPacket(payload);
    if (lost > 0 || packet === undefined) this.spoil();
    if (packet?.offset === 0) this.begin(packet, timestamp, arrivedMs);
    if (packet !== undefined) this.add(packet, timestamp);
    if (marker) this.end();
  }

  private spoil(): void {
    if (!this.spoiled) this.events.damaged();
    this.spoiled = true;
    this.head = undefined;
  }

  private begin(packet: JpegPacket, timestamp: number, arrivedMs: number): void {
    if (this.head !== undefined) this.spoil();
    this.spoiled = false;
    this.parts = [];
    this.sizeBytes = 0;
    this.timestamp = timestamp;
    this.arrivedMs = arrivedMs;
    const tables = this.tablesOf(packet);
    if (tables === undefined || packet.width === 0 || packet.height === 0) this.spoil();
    else this.head = jpegHeader({ ...packet, tables });
  }

  private tablesOf({ quality, tables }: JpegPacket): readonly Buffer[] | undefined {
    if (quality > 0 && quality < 100) return quantizationTables(quality);
    if (tables !== undefined && tables.length > 0) this.tables.set(quality, tables);
    return this.tables.get(quality);
  }

  /** A packet is a part of the picture if it goes on where the one before it ended. */
  private add({ scan, offset }: JpegPacket, timestamp: number): void {
    const goesOn = this.head !== undefined && offset === this.sizeBytes && timestamp === this.timestamp;
    if (!goesOn || offset + scan.length > UNIT_LIMIT_BYTES) {
      this.spoil();
      return;
    }
    this.parts.push(scan);
    this.sizeBytes += scan.length;
  }

  private end(): void {
    const { head, parts, timestamp, arrivedMs } = this;
    this.head = undefined;
    this.parts = [];
    this.spoiled = false;
    if (head === undefined) return;
    this.events.unit({ bytes: Buffer.concat([head, ...parts, END_OF_IMAGE]), key: true, timestamp, arrivedMs });
  }
}

/** `undefined`: it is none that is understood (progressive, interlaced in halves, tables of 16 bits), or cut off. */
function readJpegPacket(payload: Buffer): JpegPacket | undefined {
  if (payload.length < HEAD_BYTES) return undefined;
  const [type, quality] = [payload[4] as number, payload[5] as number];
  const hasRestarts = type >= 64 && type < 128;
  if ((type & 0x3f) > 1 || type >= 128) return undefined;
  const [width, height] = [8 * (payload[6] as number), 8 * (payload[7] as number)];
  const offset = payload.readUIntBE(1, 3);
  const start = HEAD_BYTES + (hasRestarts ? RESTART_HEAD_BYTES : 0);
  if (payload.length < start) return undefined;
  const restartInterval = hasRestarts ? payload.readUInt16BE(HEAD_BYTES) : 0;
  const common = { offset, type: type & 0x3f, quality, width, height, restartInterval };
  if (offset > 0 || quality < 128) return { ...common, tables: undefined, scan: payload.subarray(start) };
  const tables = readTables(payload.subarray(start));
  return tables && { ...common, ...tables };
}

/** Section 3.1.8: nothing, the precision, the length of all tables, the tables. */
function readTables(bytes: Buffer): Pick<JpegPacket, 'tables' | 'scan'> | undefined {
  if (bytes.length < TABLE_HEAD_BYTES || bytes[1] !== 0) return undefined;
  const lengthBytes = bytes.readUInt16BE(2);
  if (lengthBytes > 2 * TABLE_BYTES || lengthBytes % TABLE_BYTES !== 0 || TABLE_HEAD_BYTES + lengthBytes > bytes.length) return undefined;
  const all = bytes.subarray(TABLE_HEAD_BYTES, TABLE_HEAD_BYTES + lengthBytes);
  const tables = Array.from({ length: lengthBytes / TABLE_BYTES }, (_, i) =>
    Buffer.from(all.subarray(i * TABLE_BYTES, (i + 1) * TABLE_BYTES)),
  );
  return { tables, scan: bytes.subarray(TABLE_HEAD_BYTES + lengthBytes) };
}
