import type { ReceptionReport } from './reception.ts';

const VERSION = 0x80;
const SENDER_REPORT = 200;
const RECEIVER_REPORT = 201;
const SOURCE_DESCRIPTION = 202;
const GOODBYE = 203;
const CNAME = 1;

/** What a camera says beside its packets. */
export interface RtcpNews {
  /** The middle 32 bits of the sender's time (RFC 3550, section 4), for the receiver's next report. */
  readonly senderTime?: { readonly ssrc: number; readonly time: number };
  /** It says that it ends. */
  readonly goodbye: boolean;
}

/** Reads a compound packet (RFC 3550, section 6.1); what makes no sense in it is left out. */
export function readRtcp(bytes: Buffer): RtcpNews {
  let news: RtcpNews = { goodbye: false };
  for (let at = 0; at + 8 <= bytes.length; ) {
    const [first, type] = [bytes[at] as number, bytes[at + 1] as number];
    const end = at + 4 * (bytes.readUInt16BE(at + 2) + 1);
    if (first >> 6 !== 2 || end > bytes.length) break;
    if (type === GOODBYE) news = { ...news, goodbye: true };
    if (type === SENDER_REPORT && end - at >= 28) {
      news = { ...news, senderTime: { ssrc: bytes.readUInt32BE(at + 4), time: bytes.readUInt32BE(at + 10) } };
    }
    at = end;
  }
  return news;
}

/** A receiver's report, which cameras want to see, with its name (section 6.4.2 and 6.5). `ssrc` is our own; `about` nobody: an empty one. */
export function receiverReport(ssrc: number, about: ReceptionReport | undefined, name: string): Buffer {
  return Buffer.concat([about === undefined ? emptyReport(ssrc) : fullReport(ssrc, about), sourceDescription(ssrc, name)]);
}

function emptyReport(ssrc: number): Buffer {
  const packet = Buffer.from([VERSION, RECEIVER_REPORT, 0, 1, 0, 0, 0, 0]);
  packet.writeUInt32BE(ssrc, 4);
  return packet;
}

function fullReport(ssrc: number, about: ReceptionReport): Buffer {
  const packet = Buffer.alloc(32);
  packet.set([VERSION | 1, RECEIVER_REPORT, 0, 7]);
  packet.writeUInt32BE(ssrc, 4);
  packet.writeUInt32BE(about.ssrc, 8);
  packet.writeUInt8(about.fractionLost, 12);
  packet.writeIntBE(about.totalLost, 13, 3);
  packet.writeUInt32BE(about.highestSequence, 16);
  packet.writeUInt32BE(about.jitter, 20);
  packet.writeUInt32BE(about.lastReport, 24);
  packet.writeUInt32BE(about.sinceReport, 28);
  return packet;
}

/** One item, filled up with zeros to a multiple of four bytes, at least one of them its end. */
function sourceDescription(ssrc: number, name: string): Buffer {
  const text = Buffer.from(name);
  const packet = Buffer.alloc(4 * Math.ceil((8 + 2 + text.length + 1) / 4));
  packet.set([VERSION | 1, SOURCE_DESCRIPTION]);
  packet.writeUInt16BE(packet.length / 4 - 1, 2);
  packet.writeUInt32BE(ssrc, 4);
  packet.set([CNAME, text.length], 8);
  packet.set(text, 10);
  return packet;
}
