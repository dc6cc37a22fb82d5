import type { RtspConnection } from './rtsp-connection.ts';
import type { RtspAnswer } from './rtsp-message.ts';
import { RtspProblem } from './rtsp-problem.ts';
import { UdpPorts } from './udp-ports.ts';

/** How packets come from a camera: between the messages of the connection, or by UDP. */
export interface Transport {
  /** The header `Transport` of SETUP (RFC 2326, section 12.39). */
  readonly offer: string;
  /** Takes the camera's answer to SETUP. @throws RtspProblem when it is another transport than was asked for. */
  accept(answer: RtspAnswer): void;
  /** What came on this channel of the connection. */
  interleaved(channel: number): 'rtp' | 'rtcp' | undefined;
  sendRtcp(packet: Buffer): void;
  close(): void;
}

/** Hears packets; `readMs`: when, by the monotonic clock. */
export interface Hears {
  rtp(packet: Buffer): void;
  rtcp(packet: Buffer): void;
}

export function tcpTransport(connection: RtspConnection): Transport {
  let channels: readonly [number, number] = [0, 1];
  return {
    offer: 'RTP/AVP/TCP;unicast;interleaved=0-1',
    accept(answer) {
      const header = transportOf(answer);
      if (!/RTP\/AVP\/TCP/i.test(header)) throw refused('interleaved TCP', header);
      channels = numbers(header, 'interleaved', 255) ?? channels;
    },
    interleaved: (channel) => (channel === channels[0] ? 'rtp' : channel === channels[1] ? 'rtcp' : undefined),
    sendRtcp: (packet) => connection.send(channels[1], packet),
    close: () => undefined,
  };
}

/** Ports of our own; packets are heard from the camera's address only, whatever its answer says of others. */
export async function udpTransport(connection: RtspConnection, hears: Hears): Promise<Transport> {
  const { local, remote } = connection.ends;
  const sockets = await UdpPorts.open(local);
  sockets.listen(remote, hears.rtp, hears.rtcp);
  return {
    offer: `RTP/AVP;unicast;client_port=${sockets.ports.join('-')}`,
    accept(answer) {
      const header = transportOf(answer);
      if (/RTP\/AVP\/TCP|multicast/i.test(header)) throw refused('unicast UDP', header);
      sockets.greet(remote, numbers(header, 'server_port', 65_535));
    },
    interleaved: () => undefined,
    sendRtcp: (packet) => sockets.sendRtcp(packet),
    close: () => sockets.close(),
  };
}

function transportOf({ headers }: RtspAnswer): string {
  return headers.get('transport')?.[0] ?? '';
}

/** `name=4-5`; a lone `name=4` means 4 and 5. */
function numbers(header: string, name: string, highest: number): readonly [number, number] | undefined {
  const [, first, second] = new RegExp(`\\b${name}=(\\d{1,5})(?:-(\\d{1,5}))?`, 'i').exec(header) ?? [];
  const pair = [Number(first), second === undefined ? Number(first) + 1 : Number(second)] as const;
  return first !== undefined && pair.every((number) => number <= highest) ? pair : undefined;
}

function refused(asked: string, header: string): RtspProblem {
  const got = header === '' ? 'no transport' : JSON.stringify(header.slice(0, 100));
  return new RtspProblem('codec', `the camera was asked for ${asked} and offers ${got}: set "transport" to the other of tcp and udp`);
}
