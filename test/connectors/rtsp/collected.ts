import type { AccessUnit, Depacketizer, DepacketizerEvents } from '../../../connectors/rtsp/access-unit.ts';
import type { RtpPacket } from '../../../connectors/rtsp/rtp-packet.ts';

export interface Collected {
  readonly units: readonly AccessUnit[];
  readonly damaged: number;
  /** So many packets had come when it was said that they are of another codec. */
  readonly changedAfter?: number;
}

/** What a depacketizer makes of packets. The packet with number n arrives at n ms; what is missing between numbers was lost. */
export function collect(make: (events: DepacketizerEvents) => Depacketizer, packets: readonly RtpPacket[]): Collected {
  const units: AccessUnit[] = [];
  let damaged = 0;
  let came = 0;
  let changedAfter: number | undefined;
  const depacketizer = make({
    unit: (unit) => void units.push(unit),
    damaged: () => {
      damaged += 1;
    },
    changed: () => {
      changedAfter = came;
    },
  });
  let expected = packets[0]?.sequence ?? 0;
  for (const [n, packet] of packets.entries()) {
    came += 1;
    depacketizer.push(packet, n, (packet.sequence - expected) & 0xffff);
    expected = packet.sequence + 1;
  }
  return { units, damaged, ...(changedAfter === undefined ? {} : { changedAfter }) };
}

export interface Made {
  readonly sequence: number;
  readonly payload: readonly number[] | Buffer;
  readonly timestamp?: number;
  readonly marker?: boolean;
}

export function packet({ sequence, payload, timestamp = 0, marker = false }: Made): RtpPacket {
  return { sequence, timestamp, marker, payloadType: 96, ssrc: 7, payload: Buffer.from(payload) };
}
