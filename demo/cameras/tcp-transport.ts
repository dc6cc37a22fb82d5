import type { Socket } from 'node:net';
import type { RtpTransport } from './rtp-transport.ts';
import { interleave } from './rtsp-message.ts';

/** Packets between the messages of the RTSP connection (RFC 2326, section 10.12). */
export function tcpTransport(socket: Socket, [rtpChannel, rtcpChannel]: readonly [number, number]): RtpTransport {
  let drained = () => {};
  const onDrain = () => drained();
  socket.on('drain', onDrain);
  return {
    kind: 'tcp',
    sendRtp: (packets) => void socket.write(Buffer.concat(packets.map((packet) => interleave(rtpChannel, packet)))),
    sendRtcp: (packet) => void socket.write(interleave(rtcpChannel, packet)),
    get waitingBytes() {
      return socket.writableLength;
    },
    onDrained(action) {
      drained = action;
    },
    close: () => void socket.off('drain', onDrain),
  };
}
