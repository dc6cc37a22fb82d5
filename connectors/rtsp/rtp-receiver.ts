import { randomBytes } from 'node:crypto';
import type { Clock } from '../../engine/clock.ts';
import type { Depacketizer } from './access-unit.ts';
import { Reception } from './reception.ts';
import { readRtcp, receiverReport } from './rtcp.ts';
import { RtpOrder } from './rtp-order.ts';
import { type RtpPacket, readRtpPacket } from './rtp-packet.ts';

/** Cameras that hear nothing of a receiver for a while hang up (RFC 3550, section 6.2: every five seconds). */
const REPORT_INTERVAL_MS = 5000;
/** So many packets of another kind in a row, and none of ours: the camera was set to another codec. A few among ours are repairs (RFC 4588). */
const CHANGED_AFTER_PACKETS = 50;
/** How far UDP packets may be out of order. */
const REORDER_DEPTH = 16;
const REORDER_WAIT_MS = 50;

export interface StreamFormat {
  readonly payloadType: number;
  readonly clockRate: number;
  /** Packets may come in another order than they were sent in. */
  readonly reorders: boolean;
}

export interface ReceiverEvents {
  /** A packet of video came. `begins`: it is the first of a picture. */
  packet(begins: boolean): void;
  lost(packets: number): void;
  /** The camera sends another payload type than it described. */
  changed(payloadType: number): void;
  /** A report is to be sent. */
  report(packet: Buffer): void;
}

/** The receiving end of one RTP stream (RFC 3550): puts packets in order for the depacketizer, counts them, and reports to the sender. */
export class RtpReceiver {
  private readonly format: StreamFormat;
  private readonly clock: Clock;
  private readonly events: ReceiverEvents;
  private readonly order: RtpOrder;
  private readonly ssrc = randomBytes(4).readUInt32BE();
  private readonly name = randomBytes(9).toString('base64url');
  private reception: Reception | undefined;
  private timestamp: number | undefined;
  private foreignPackets = 0;
  private cancelReport: () => void;

  constructor(format: StreamFormat, clock: Clock, pictures: Depacketizer, events: ReceiverEvents) {
    this.format = format;
    this.clock = clock;
    this.events = events;
    this.order = new RtpOrder(format.reorders ? REORDER_DEPTH : 0, REORDER_WAIT_MS, (ordered) => {
      if (ordered.lost > 0) events.lost(ordered.lost);
      pictures.push(ordered.packet, ordered.arrivedMs, ordered.lost);
    });
    this.cancelReport = clock.after(REPORT_INTERVAL_MS, () => this.report());
  }

  /** Bytes that are no packet of this stream are left out. */
  rtp(bytes: Buffer, readMs: number): void {
    const packet = readRtpPacket(bytes);
    if (packet?.payloadType === this.format.payloadType) this.video(packet, readMs);
    else if (packet !== undefined) this.foreign(packet);
  }

  /** @returns true when the sender says that it ends. */
  rtcp(bytes: Buffer, readMs: number): boolean {
    const { senderTime, goodbye } = readRtcp(bytes);
    if (senderTime !== undefined && senderTime.ssrc === this.reception?.ssrc) this.reception.senderReport(senderTime.time, readMs);
    return goodbye;
  }

  stop(): void {
    this.cancelReport();
  }

  private video(packet: RtpPacket, readMs: number): void {
    this.foreignPackets = 0;
    this.count(packet, readMs);
    this.order.push(packet, readMs);
  }

  private foreign({ payloadType }: RtpPacket): void {
    this.foreignPackets += 1;
    if (this.foreignPackets === CHANGED_AFTER_PACKETS) this.events.changed(payloadType);
  }

  private count(packet: RtpPacket, readMs: number): void {
    if (this.reception?.ssrc !== packet.ssrc) this.reception = new Reception(packet, this.format.clockRate);
    this.reception.packet(packet, readMs);
    const begins = this.timestamp !== packet.timestamp;
    this.timestamp = packet.marker ? undefined : packet.timestamp;
    this.events.packet(begins);
  }

  private report(): void {
    this.cancelReport = this.clock.after(REPORT_INTERVAL_MS, () => this.report());
    this.events.report(receiverReport(this.ssrc, this.reception?.report(this.clock.monotonic()), this.name));
  }
}
