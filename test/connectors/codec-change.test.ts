import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createConnector } from '../../connectors/index.ts';
import type { RtpPacket } from '../../connectors/rtsp/rtp-packet.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { FFMPEG } from './builds.ts';
import { camera, parts } from './parts.ts';
import { Recorder } from './recorder.ts';
import { packetsOfFfmpeg, type SentStream } from './rtsp/rtp-senders.ts';
import { answer, ScriptedCamera, usual } from './rtsp/scripted-camera.ts';

it('a camera that is set from H.264 to H.265 while it is watched is told with the cause, and watched again', {
  timeout: 60_000,
}, async () => {
  const [h264, h265] = await Promise.all([
    stream('libx264 -preset ultrafast -bf 0 -g 5'),
    stream('libx265 -preset ultrafast -x265-params log-level=error:bframes=0:keyint=5'),
  ]);
  let [name, now] = ['H264', h264];
  const scripted = await ScriptedCamera.open((asked) =>
    asked.method === 'DESCRIBE' ? answer('200 OK', asked, '', description(name, now)) : usual(asked),
  );
  const send = ({ packets }: SentStream) => {
    for (const packet of packets) scripted.sendData(0, bytesOf(packet));
  };
  const recorder = new Recorder();
  const connector = createConnector(camera(scripted.url()), parts(recorder, { ffmpeg: FFMPEG }));
  onTestFinished(() => connector.stop('shutdown'));
  connector.start();
  await scripted.until(({ asked }) => asked.some(({ method }) => method === 'PLAY'));
  send(h264);
  await recorder.until(({ frames }) => frames.length > 0);
  [name, now] = ['H265', h265];
  send(h265);
  await recorder.until(() => recorder.marksOf('down').length > 0);
  await scripted.until(({ asked }) => asked.filter(({ method }) => method === 'PLAY').length === 2);
  send(h265);
  await recorder.until(() => recorder.marksOf('up').length === 2);

  expect(recorder.marksOf('up').map(({ source }) => source?.codec)).toEqual(['h264', 'hevc']);
  expect(recorder.marksOf('down').map(({ cause, detail }) => [cause, detail])).toEqual([
    ['codec', 'the camera described H264 and sends something else: its codec was changed'],
  ]);
});

/** Two seconds of moving pictures, as packets of payload type 96. */
async function stream(encoder: string): Promise<SentStream> {
  const path = join(temporaryFolder(), 'clip.mkv');
  const source = ['-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=10:duration=2', '-pix_fmt', 'yuv420p'];
  execFileSync(FFMPEG.path, ['-loglevel', 'error', ...source, '-c:v', ...encoder.split(' '), path]);
  return packetsOfFfmpeg(path);
}

function description(name: string, { parameters }: SentStream): string {
  const format = [...parameters].map(([key, value]) => `${key}=${value}`).join(';');
  return ['v=0', 'm=video 0 RTP/AVP 96', `a=rtpmap:96 ${name}/90000`, `a=fmtp:96 ${format}`, 'a=control:video', ''].join('\r\n');
}

function bytesOf({ sequence, timestamp, marker, ssrc, payload }: RtpPacket): Buffer {
  const head = Buffer.from([0x80, 96 + (marker ? 0x80 : 0), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  head.writeUInt16BE(sequence, 2);
  head.writeUInt32BE(timestamp, 4);
  head.writeUInt32BE(ssrc, 8);
  return Buffer.concat([head, payload]);
}
