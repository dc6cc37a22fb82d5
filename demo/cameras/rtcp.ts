/** What a sender report tells (RFC 3550, section 6.4.1). */
export interface SenderReport {
  readonly ssrc: number;
  /** Milliseconds since 1970 … */
  readonly wallMs: number;
  /** … and the same moment in RTP time. */
  readonly timestamp: number;
  readonly packets: number;
  /** Of payloads, without headers. */
  readonly bytes: number;
}

const SECONDS_FROM_1900_TO_1970 = 2_208_988_800;

/** A compound packet: the sender report, then the name of the source (SDES CNAME), which RFC 3550 section 6.1 demands in each. */
export function senderReport({ ssrc, wallMs, timestamp, packets, bytes }: SenderReport, name: string): Buffer {
  const report = Buffer.alloc(28);
  report.set([0x80, 200]);
  report.writeUInt16BE(6, 2);
  report.writeUInt32BE(ssrc, 4);
  report.writeUInt32BE((Math.floor(wallMs / 1000) + SECONDS_FROM_1900_TO_1970) >>> 0, 8);
  report.writeUInt32BE(Math.floor(((wallMs % 1000) / 1000) * 0x1_0000_0000), 12);
  report.writeUInt32BE(timestamp >>> 0, 16);
  report.writeUInt32BE(packets >>> 0, 20);
  report.writeUInt32BE(bytes >>> 0, 24);
  return Buffer.concat([report, sourceDescription(ssrc, name)]);
}

/** Items end with a zero byte and are filled up to four bytes (section 6.5). */
function sourceDescription(ssrc: number, name: string): Buffer {
  const text = Buffer.from(name).subarray(0, 255);
  const packet = Buffer.alloc(8 + Math.ceil((2 + text.length + 1) / 4) * 4);
  packet.set([0x81, 202]);
  packet.writeUInt16BE(packet.length / 4 - 1, 2);
  packet.writeUInt32BE(ssrc, 4);
  packet.set([1, text.length], 8);
  packet.set(text, 10);
  return packet;
}
