import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import type { RtpTransport } from './rtp-transport.ts';

/** Where the packets come from and go to. Packets go to the host that asked for them and nowhere else. */
export interface UdpRoute {
  readonly localHost: string;
  readonly remoteHost: string;
  readonly clientPorts: readonly [number, number];
  /** Called for each report of the receiver: it is still there. */
  readonly onReport: () => void;
}

const ATTEMPTS = 20;

/** RTP from an even port, RTCP from the odd one above it (RFC 3550, section 11). */
export async function udpTransport(route: UdpRoute): Promise<RtpTransport & { readonly serverPorts: readonly [number, number] }> {
  const [rtp, rtcp] = await openPair(route.localHost);
  const send = (socket: Socket, port: number) => (packet: Buffer) => socket.send(packet, port, route.remoteHost, ignoreLoss);
  const sendRtp = send(rtp, route.clientPorts[0]);
  for (const socket of [rtp, rtcp]) socket.on('error', ignoreLoss).on('message', route.onReport);
  return {
    kind: 'udp',
    serverPorts: [rtp.address().port, rtcp.address().port],
    sendRtp: (packets) => packets.forEach(sendRtp),
    sendRtcp: send(rtcp, route.clientPorts[1]),
    waitingBytes: 0,
    onDrained: () => {},
    close: () => [rtp, rtcp].forEach((socket) => void socket.close()),
  };
}

/** The viewer may be gone ("connection refused" comes back by ICMP); UDP promises nothing, and the session's time-out ends it. */
function ignoreLoss(): void {}

async function openPair(host: string): Promise<[Socket, Socket]> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const first = await bind(host, 0);
    const port = first?.address().port ?? 1;
    const second = port % 2 === 0 ? await bind(host, port + 1) : undefined;
    if (first !== undefined && second !== undefined) return [first, second];
    first?.close();
  }
  throw new Error(`no pair of free UDP ports on ${host} in ${ATTEMPTS} attempts`);
}

/** Undefined if the port is taken. */
async function bind(host: string, port: number): Promise<Socket | undefined> {
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
  socket.bind(port, host);
  try {
    await once(socket, 'listening');
    return socket;
  } catch (error) {
    socket.close();
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return undefined;
    throw error;
  }
}
