import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import { RtspProblem } from './rtsp-problem.ts';

const TRIES = 20;
/** A key frame comes at once; the system holds what we have not read. It gives less where it is told to. */
const RECEIVE_BUFFER_BYTES = 2 * 1024 * 1024;
/** An RTP packet without anything in it: opens the way back through a firewall. */
const EMPTY_RTP_PACKET = Buffer.from([0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);

/** A pair of UDP ports: RTP on the even one, RTCP on the odd one above it (RFC 3550, section 11). */
export class UdpPorts {
  private readonly rtp: Socket;
  private readonly rtcp: Socket;
  private remote: { readonly host: string; readonly ports: readonly [number, number] | undefined } | undefined;

  private constructor(rtp: Socket, rtcp: Socket) {
    this.rtp = rtp;
    this.rtcp = rtcp;
  }

  /** @param host our own address, as the camera sees it. */
  static async open(host: string): Promise<UdpPorts> {
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const rtp = await bind(host, 0);
      const port = rtp?.address().port ?? 1;
      const rtcp = port % 2 === 0 ? await bind(host, port + 1) : undefined;
      if (rtp !== undefined && rtcp !== undefined) return new UdpPorts(rtp, rtcp);
      rtp?.close();
    }
    throw new RtspProblem('local', `no pair of free UDP ports on ${host} in ${TRIES} tries`);
  }

  get ports(): readonly [number, number] {
    return [this.rtp.address().port, this.rtcp.address().port];
  }

  /** Packets from this address are heard, whatever the port; from others they are not. */
  listen(from: string, rtp: (packet: Buffer) => void, rtcp: (packet: Buffer) => void): void {
    for (const [socket, told] of [[this.rtp, rtp] as const, [this.rtcp, rtcp] as const]) {
      socket.on('message', (packet, { address }) => {
        if (address === from) told(packet);
      });
    }
  }

  /** Where the camera sends from, if it told: reports go there, and a first packet to each port opens firewalls. */
  greet(host: string, ports: readonly [number, number] | undefined): void {
    this.remote = { host, ports };
    if (ports !== undefined) this.rtp.send(EMPTY_RTP_PACKET, ports[0], host, ignored);
  }

  sendRtcp(packet: Buffer): void {
    const { host, ports } = this.remote ?? {};
    if (ports !== undefined) this.rtcp.send(packet, ports[1], host, ignored);
  }

  close(): void {
    this.rtp.close();
    this.rtcp.close();
  }
}

/** Nobody may listen there; that is told by packets that do not come. */
function ignored(): void {}

/** `undefined`: the port is taken. */
async function bind(host: string, port: number): Promise<Socket | undefined> {
  const socket = createSocket({ type: isIPv6(host) ? 'udp6' : 'udp4', recvBufferSize: RECEIVE_BUFFER_BYTES });
  socket.bind(port, host);
  try {
    await once(socket, 'listening');
  } catch (error) {
    socket.close();
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return undefined;
    throw error;
  }
  return socket.on('error', ignored);
}
