/** A packet of RTP (RFC 3550, section 5.1). */
export interface RtpPacket {
  /** Of H.264 and its kin: true on the last packet of a picture. */
  readonly marker: boolean;
  readonly payloadType: number;
  /** 16 bits; wraps around. */
  readonly sequence: number;
  /** 32 bits; wraps around. */
  readonly timestamp: number;
  /** 32 bits: who sends. */
  readonly ssrc: number;
  /** Part of the bytes that were read. */
  readonly payload: Buffer;
}

const HEAD_BYTES = 12;

/** `undefined`: these bytes are no RTP packet. */
export function readRtpPacket(bytes: Buffer): RtpPacket | undefined {
  if (bytes.length < HEAD_BYTES) return undefined;
  const [first, second] = [bytes[0] as number, bytes[1] as number];
  if (first >> 6 !== 2) return undefined;
  const start = payloadStart(bytes, first);
  const end = bytes.length - (first & 0x20 ? (bytes[bytes.length - 1] as number) : 0);
  if (start === undefined || start > end) return undefined;
  return {
    marker: second >= 0x80,
    payloadType: second & 0x7f,
    sequence: bytes.readUInt16BE(2),
    timestamp: bytes.readUInt32BE(4),
    ssrc: bytes.readUInt32BE(8),
    payload: bytes.subarray(start, end),
  };
}

/** Behind the contributing sources and the header extension. */
function payloadStart(bytes: Buffer, first: number): number | undefined {
  const start = HEAD_BYTES + 4 * (first & 0x0f);
  if ((first & 0x10) === 0) return start;
  return start + 4 <= bytes.length ? start + 4 + 4 * bytes.readUInt16BE(start + 2) : undefined;
}
