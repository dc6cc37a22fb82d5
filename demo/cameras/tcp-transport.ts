import type { Socket } from 'node:net';
import type { RtpTransport } from './rtp-transport.ts';
import { interleave } from './rtsp-message.ts';

/** With more than this waiting for a viewer, nothing further is given to its connection. About a second of a good picture. */
const CONGESTED_BYTES = 256 * 1024;

/** Packets between the messages of the RTSP connection (RFC 2326, section 10.12). */
export function tcpTransport(socket: Socket, [rtpChannel, rtcpChannel]: readonly [number, number]): RtpTransport {
  let drained = () => {};
  const onDrain = () => drained();
  socket.on('drain', onDrain);
  return {
    kind: 'tcp',
    sendRtp: (packets) => void socket.write(Buffer.concat(packets.map((packet) => interleave(rtpChannel, packet)))),
    sendRtcp: (packet) => void socket.write(interleave(rtcpChannel, packet)),
    get congested() {
      return socket.writableLength > CONGESTED_BYTES;
    },
    onDrained(action) {
      drained = action;
    },
    close: () => void socket.off('drain', onDrain),
  };
}
