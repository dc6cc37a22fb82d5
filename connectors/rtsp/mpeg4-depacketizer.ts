import { type Depacketizer, type DepacketizerEvents, UNIT_LIMIT_BYTES } from './access-unit.ts';
import type { RtpPacket } from './rtp-packet.ts';

/** Of anything but the middle of a picture. */
const START_CODE = Buffer.from([0, 0, 1]);
const VOP_START_CODE = Buffer.from([0, 0, 1, 0xb6]);

/**
 * MPEG-4 part 2 in RTP (RFC 6416, section 5): the payload is the stream itself, cut anywhere; the marker stands on the last packet of a
 * picture. A picture with a hole is dropped: there is no telling where the next of its parts begins.
 */
export class Mpeg4Depacketizer implements Depacketizer {
  private readonly events: DepacketizerEvents;
  private configuration: readonly Buffer[];
  private parts: Buffer[] = [];
  private sizeBytes = 0;
  private spoiled = false;
  private timestamp: number | undefined;
  private arrivedMs = 0;

  /** @param configuration the headers before the first picture, from the description; empty if they are in the stream. */
  constructor(configuration: Buffer, events: DepacketizerEvents) {
    this.configuration = configuration.length > 0 ? [configuration] : [];
    this.events = events;
  }

  push({ payload, timestamp, marker }: RtpPacket, arrivedMs: number, lost: number): void {
    if (lost > 0) this.spoil();
    if (timestamp !== this.timestamp) this.begin(timestamp, arrivedMs, lost === 0 || payload.indexOf(START_CODE) === 0);
    this.parts.push(payload);
    this.sizeBytes += payload.length;
    if (this.sizeBytes > UNIT_LIMIT_BYTES) this.spoil();
    if (marker) this.end();
  }

  private spoil(): void {
    if (!this.spoiled) this.events.damaged();
    this.spoiled = true;
    this.parts = [];
    this.sizeBytes = 0;
  }

  /** `isWhole`: nothing of it was lost before this packet. */
  private begin(timestamp: number, arrivedMs: number, isWhole: boolean): void {
    if (this.timestamp !== undefined) this.end();
    this.spoiled = !isWhole;
    this.timestamp = timestamp;
    this.arrivedMs = arrivedMs;
  }

  private end(): void {
    const { parts, spoiled, timestamp, arrivedMs } = this;
    this.parts = [];
    this.sizeBytes = 0;
    this.spoiled = false;
    this.timestamp = undefined;
    if (spoiled || parts.length === 0) return;
    const key = isIntra(parts);
    const bytes = Buffer.concat([...(key ? this.configuration : []), ...parts]);
    if (key) this.configuration = [];
    this.events.unit({ bytes, key, timestamp: timestamp as number, arrivedMs });
  }
}

/** The two bits behind the start code of a picture (VOP, ISO/IEC 14496-2, 6.2.5) are its type: 0 is intra. */
function isIntra(parts: readonly Buffer[]): boolean {
  for (const part of parts) {
    const at = part.indexOf(VOP_START_CODE);
    if (at !== -1) return (part[at + VOP_START_CODE.length] ?? 0xff) >> 6 === 0;
  }
  return false;
}

/** `config` in hexadecimal digits (section 7.1). */
export function mpeg4Configuration(parameters: ReadonlyMap<string, string>): Buffer {
  return Buffer.from(parameters.get('config') ?? '', 'hex');
}
