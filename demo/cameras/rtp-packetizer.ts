/** Payload type in the dynamic range (RFC 3551, section 6), named in the SDP. */
export const PAYLOAD_TYPE = 96;

/** What stands in the header of an RTP packet (RFC 3550, section 5.1). Numbers are taken modulo their size: they wrap around. */
export interface RtpHeader {
  /** True on the last packet of a picture. */
  readonly marker: boolean;
  /** 16 bits. */
  readonly sequence: number;
  /** 32 bits, 90 000 a second. */
  readonly timestamp: number;
  /** 32 bits: who sends. */
  readonly ssrc: number;
}

const STAP_A = 24;
const FU_A = 28;

/** An RTP packet: twelve bytes of header, then the payload. */
export function rtpPacket({ marker, sequence, timestamp, ssrc }: RtpHeader, payload: Uint8Array): Buffer {
  const packet = Buffer.allocUnsafe(12 + payload.length);
  packet[0] = 0x80;
  packet[1] = (marker ? 0x80 : 0) | PAYLOAD_TYPE;
  packet.writeUInt16BE(sequence & 0xffff, 2);
  packet.writeUInt32BE(timestamp >>> 0, 4);
  packet.writeUInt32BE(ssrc >>> 0, 8);
  packet.set(payload, 12);
  return packet;
}

/**
 * Packs the NAL units of one picture into RTP payloads of at most `maxBytes` (RFC 6184, packetization mode 1): neighbours that fit together
 * as STAP-A (section 5.7.1), one alone as it is (5.6), one that is too large in fragments FU-A (5.8).
 */
export function packetize(nals: readonly Buffer[], maxBytes: number): Buffer[] {
  return groupsThatFit(nals, maxBytes).flatMap((group) => {
    if (group.length > 1) return [aggregate(group)];
    return group[0].length <= maxBytes ? group : fragments(group[0], maxBytes);
  });
}

function groupsThatFit(nals: readonly Buffer[], maxBytes: number): Buffer[][] {
  const groups: Buffer[][] = [];
  let bytes = 0;
  for (const nal of nals) {
    const open = groups.at(-1);
    if (open !== undefined && bytes + 2 + nal.length <= maxBytes) {
      open.push(nal);
      bytes += 2 + nal.length;
    } else {
      groups.push([nal]);
      bytes = 1 + 2 + nal.length;
    }
  }
  return groups;
}

/** F is set where any has it, NRI is the highest of all: the packet matters as much as its most important part. */
function aggregate(nals: readonly Buffer[]): Buffer {
  const forbidden = nals.reduce((bit, nal) => bit | (nal[0] & 0x80), 0);
  const importance = Math.max(...nals.map((nal) => nal[0] & 0x60));
  const parts: Buffer[] = [Buffer.of(forbidden | importance | STAP_A)];
  for (const nal of nals) parts.push(Buffer.of(nal.length >> 8, nal.length & 0xff), nal);
  return Buffer.concat(parts);
}

/** The first byte of the NAL unit is not sent: it is rebuilt from the two that stand before each fragment. */
function fragments(nal: Buffer, maxBytes: number): Buffer[] {
  const indicator = (nal[0] & 0xe0) | FU_A;
  const type = nal[0] & 0x1f;
  const room = maxBytes - 2;
  const packets: Buffer[] = [];
  for (let at = 1; at < nal.length; at += room) {
    const start = at === 1 ? 0x80 : 0;
    const end = at + room >= nal.length ? 0x40 : 0;
    packets.push(Buffer.concat([Buffer.of(indicator, start | end | type), nal.subarray(at, at + room)]));
  }
  return packets;
}
