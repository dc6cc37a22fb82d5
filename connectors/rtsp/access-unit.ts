import type { RtpPacket } from './rtp-packet.ts';

/** One picture as a camera sends it, complete for a decoder. */
export interface AccessUnit {
  /** With start codes (H.264, H.265, MPEG-4), or a whole JPEG. */
  readonly bytes: Buffer;
  /** Decoding can begin here. */
  readonly key: boolean;
  /** RTP time: 32 bits, ticks of the stream's clock, when it is to be shown. */
  readonly timestamp: number;
  /** When its first packet was read, by the monotonic clock. */
  readonly arrivedMs: number;
}

/** What comes out of the packets of one stream. */
export interface DepacketizerEvents {
  unit(unit: AccessUnit): void;
  /** Of a picture something is missing: packets were lost, or make no sense. What is left of it may follow. */
  damaged(): void;
  /** What comes is of another codec than was described. Told once. */
  changed(): void;
}

/** Puts pictures together. Packets come in the order of their sequence numbers; `lost` are missing right before this one. */
export interface Depacketizer {
  push(packet: RtpPacket, arrivedMs: number, lost: number): void;
}

/** A picture that grows beyond this is none: the largest that cameras send, of 8K with little compression, stays far below. */
export const UNIT_LIMIT_BYTES = 16 * 1024 * 1024;
