import { execFileSync, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type RtpPacket, readRtpPacket } from '../../../connectors/rtsp/rtp-packet.ts';
import { FFMPEG } from '../builds.ts';

/** What a sender tells of its stream, as in an SDP, and its packets in order. */
export interface SentStream {
  readonly parameters: ReadonlyMap<string, string>;
  readonly packets: readonly RtpPacket[];
}

/** Sent behind everything else: what came before has been read. */
const END = Buffer.from('end');

/** The packets that ffmpeg makes of a file, without encoding it anew. */
export async function packetsOfFfmpeg(file: string): Promise<SentStream> {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 1 << 21 }).bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const packets: RtpPacket[] = [];
  const { promise: everything, resolve } = Promise.withResolvers<void>();
  socket.on('message', (bytes) => {
    if (bytes.equals(END)) resolve();
    else packets.push(packetOf(bytes));
  });
  const argv = ['-loglevel', 'error', '-i', file, '-map', '0:v', '-c', 'copy', '-f', 'rtp', '-pkt_size', '1000'];
  const sdp = await outputOf(FFMPEG.path, [...argv, `rtp://127.0.0.1:${socket.address().port}`]);
  socket.send(END, socket.address().port, '127.0.0.1');
  await everything;
  socket.close();
  return { parameters: parametersOf(sdp), packets };
}

/** The packets that GStreamer makes of a file, through these elements. They come framed as in RFC 4571: none is lost. */
export function packetsOfGstreamer(file: string, ...elements: readonly string[]): SentStream {
  const pipeline = ['filesrc', `location=${file}`, ...elements.flatMap((element) => ['!', ...element.split(' ')])];
  const framed = execFileSync('gst-launch-1.0', ['-q', ...pipeline, '!', 'rtpstreampay', '!', 'fdsink'], { maxBuffer: 1 << 26 });
  const packets: RtpPacket[] = [];
  for (let at = 0; at < framed.length; at += 2 + framed.readUInt16BE(at)) {
    packets.push(packetOf(framed.subarray(at + 2, at + 2 + framed.readUInt16BE(at))));
  }
  return { parameters: new Map(), packets };
}

function packetOf(bytes: Buffer): RtpPacket {
  const packet = readRtpPacket(bytes);
  if (packet === undefined) throw new Error(`no RTP packet: ${bytes.toString('hex', 0, 20)}`);
  return packet;
}

async function outputOf(program: string, argv: readonly string[]): Promise<string> {
  const child = spawn(program, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (data) => {
    text += data;
  });
  await once(child, 'close');
  return text;
}

function parametersOf(sdp: string): Map<string, string> {
  const pairs = (/^a=fmtp:\d+ (.*)$/m.exec(sdp)?.[1] ?? '').split(';').map((pair) => pair.trim());
  return new Map(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')).toLowerCase(), pair.slice(pair.indexOf('=') + 1)]));
}
