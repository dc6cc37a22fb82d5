import type { RtpPacket } from './rtsp-client.ts';

/** One picture as a receiver puts it together. */
export interface ReceivedFrame {
  readonly timestamp: number;
  readonly nals: readonly Buffer[];
}

/** Puts RTP payloads together again as RFC 6184 tells a receiver to: single NAL units, STAP-A, FU-A. A marker ends each picture. */
export function framesFrom(packets: readonly RtpPacket[]): ReceivedFrame[] {
  const frames: ReceivedFrame[] = [];
  let nals: Buffer[] = [];
  for (const { payload, marker, timestamp } of packets) {
    const type = payload[0] & 0x1f;
    if (type === 24) nals.push(...aggregated(payload));
    else if (type === 28) nals = withFragment(nals, payload);
    else nals.push(payload);
    if (!marker) continue;
    frames.push({ timestamp, nals });
    nals = [];
  }
  return frames;
}

function aggregated(payload: Buffer): Buffer[] {
  const nals: Buffer[] = [];
  for (let at = 1; at + 2 <= payload.length; ) {
    const end = at + 2 + payload.readUInt16BE(at);
    nals.push(payload.subarray(at + 2, end));
    at = end;
  }
  return nals;
}

function withFragment(nals: readonly Buffer[], payload: Buffer): Buffer[] {
  const first = (payload[1] & 0x80) !== 0;
  const body = payload.subarray(2);
  if (first) return [...nals, Buffer.concat([Buffer.of((payload[0] & 0xe0) | (payload[1] & 0x1f)), body])];
  return [...nals.slice(0, -1), Buffer.concat([nals.at(-1) ?? Buffer.alloc(0), body])];
}
