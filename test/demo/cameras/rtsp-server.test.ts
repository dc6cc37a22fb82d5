import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Camera } from '../../../demo/cameras/camera.ts';
import { type Clip, readClip } from '../../../demo/cameras/clip.ts';
import { NAL, nalType } from '../../../demo/cameras/h264.ts';
import { RtspServer } from '../../../demo/cameras/rtsp-server.ts';
import { ManualClock } from '../../manual-clock.ts';
import { framesFrom } from './depacketizer.ts';
import { RtspClient, rtpPacketOf } from './rtsp-client.ts';
import { makeClip, temporaryFolder } from './test-clips.ts';

const FRAME_MS = 1000 / 15;
const folder = temporaryFolder();
let clip: Clip;
let large: Clip;
let clock: ManualClock;
let camera: Camera;
let server: RtspServer;
let client: RtspClient;

beforeAll(async () => {
  clip = await readClip(makeClip(folder, 'dock-1', { size: '320x180', seconds: 2 }));
  large = await readClip(makeClip(folder, 'large', { size: '640x360', seconds: 2 }));
});

beforeEach(async () => {
  clock = new ManualClock();
  const clips = new Map([
    ['dock-1', clip],
    ['large', large],
  ]);
  camera = new Camera('dock-1', clips, clock);
  const other = new Camera('large', clips, clock);
  server = new RtspServer({ host: '127.0.0.1', port: 0, cameras: [camera, other], sessionTimeoutMs: 60_000, clock });
  await server.openPort();
  client = connectTo(server);
});

afterEach(() => {
  client.close();
  server.close();
});

function connectTo({ port }: RtspServer): RtspClient {
  return new RtspClient(`rtsp://127.0.0.1:${port}/dock-1`);
}

/** Lets time pass and waits for what the server sent in it. */
async function pass(ms: number): Promise<void> {
  clock.advance(ms);
  await client.settled();
}

const sent = () => framesFrom(client.rtp);
/** Which frames of the clip have come, by their bytes; -1 is none of them. */
const seen = (of = clip) => sent().map(({ nals }) => of.frames.findIndex((frame) => Buffer.concat(frame.nals).equals(Buffer.concat(nals))));
/** The numbers from one up to before another, as they come round in a clip of 30 frames. */
const round = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => (from + i) % 30);

describe('the RTSP server', () => {
  it('describes the camera so that a client can start to decode', async () => {
    const answer = await client.request('DESCRIBE', { Accept: 'application/sdp' });
    expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'application/sdp', cseq: '1' } });
    const [, profile, sps, pps] = /profile-level-id=(\w{6});sprop-parameter-sets=([^,]+),(\S+)/.exec(answer?.body ?? '') ?? [];
    expect(Buffer.from(sps, 'base64')).toEqual(clip.sps[0]);
    expect(Buffer.from(pps, 'base64')).toEqual(clip.pps[0]);
    expect(clip.sps[0].subarray(1, 4).toString('hex')).toBe(profile);
    expect(answer?.body).toContain('a=rtpmap:96 H264/90000\r\n');
  });

  it('sends every picture whole, at its time, over the loop point', async () => {
    await client.play();
    await pass(4500);
    const frames = sent();
    expect(seen()).toEqual(round(0, 68));
    expect(frames.slice(1).every(({ timestamp }, i) => (timestamp - frames[i].timestamp) >>> 0 === 6000)).toBe(true);
  });

  it('announces sequence number and time of the first packet', async () => {
    const answer = await client.play();
    await client.settled();
    const [, sequence, time] = /seq=(\d+);rtptime=(\d+)/.exec(answer?.headers['rtp-info'] ?? '') ?? [];
    expect(client.rtp[0]).toMatchObject({ sequence: Number(sequence), timestamp: Number(time) });
  });

  it('lets sequence number and time wrap around', async () => {
    const wrapping = new RtspServer({
      host: '127.0.0.1',
      port: 0,
      cameras: [camera],
      sessionTimeoutMs: 60_000,
      clock,
      random32: () => 0xffff_fff0,
    });
    await wrapping.openPort();
    client = connectTo(wrapping);
    await client.play();
    await pass(5000);
    const { sequence, timestamp } = client.rtp[0];
    expect({ sequence, timestamp }).toEqual({ sequence: 0xfff0, timestamp: 0xffff_fff0 });
    expect(client.rtp.map((packet) => packet.sequence)).toEqual(client.rtp.map((_, i) => (0xfff0 + i) & 0xffff));
    expect(sent().map((frame) => frame.timestamp)).toEqual(sent().map((_, i) => (0xffff_fff0 + i * 6000) >>> 0));
    wrapping.close();
  });

  it('gives a late viewer the newest key frame at once, then the pace of the camera', async () => {
    clock.advance(1400);
    await client.play();
    await client.settled();
    expect(seen()).toEqual([15]);
    await pass(FRAME_MS + 1);
    expect(seen()).toEqual([15, 16]);
  });

  it('ties RTP time to the time of day by a sender report at the start and every five seconds', async () => {
    await client.play();
    const startMs = clock.now();
    await pass(10_500);
    expect(client.rtcp).toHaveLength(3);
    const [first, second] = client.rtcp;
    expect([first[1], first.readUInt32BE(4)]).toEqual([200, client.rtp[0].ssrc]);
    expect(first.readUInt32BE(8) - 2_208_988_800 + first.readUInt32BE(12) / 2 ** 32).toBeCloseTo(startMs / 1000, 3);
    const elapsedTicks = (second.readUInt32BE(16) - first.readUInt32BE(16)) >>> 0;
    const elapsedSeconds = second.readUInt32BE(8) - first.readUInt32BE(8) + (second.readUInt32BE(12) - first.readUInt32BE(12)) / 2 ** 32;
    expect(elapsedTicks / 90_000).toBeCloseTo(elapsedSeconds, 3);
    expect(second.readUInt32BE(20)).toBeGreaterThan(70);
  });

  it('stops at PAUSE and goes on live at PLAY', async () => {
    await client.play();
    await pass(500);
    const before = sent().length;
    expect((await client.request('PAUSE'))?.status).toBe(200);
    await pass(2000);
    expect(sent()).toHaveLength(before);
    await client.request('PLAY');
    await client.settled();
    expect(sent().at(-1)?.nals.map(nalType)).toContain(NAL.idr);
  });

  it('ends the session at TEARDOWN', async () => {
    await client.play();
    expect((await client.request('TEARDOWN'))?.status).toBe(200);
    const before = sent().length;
    await pass(1000);
    expect(sent()).toHaveLength(before);
    expect((await client.request('PLAY'))?.status).toBe(454);
  });

  it('hangs up on a client that has been silent for the length of a session', async () => {
    await client.play();
    clock.advance(59_000);
    await client.settled();
    clock.advance(59_000);
    expect(client.socket.closed).toBe(false);
    await client.settled();
    clock.advance(60_000);
    await client.closed;
    expect(server.viewersOf(camera)).toEqual([]);
  });

  it('takes reports of the receiver for a sign of life', async () => {
    await client.play();
    for (let i = 0; i < 3; i++) {
      clock.advance(40_000);
      const answer = client.request('OPTIONS');
      client.socket.write(Buffer.from('24010008 80c90001 00000000'.replaceAll(' ', ''), 'hex'));
      expect((await answer)?.status).toBe(200);
    }
    expect(server.viewersOf(camera)).toHaveLength(1);
  });

  it.each([
    ['SETUP', { Transport: 'RTP/AVP;multicast' }, 461],
    ['PLAY', { Session: 'unknown' }, 454],
    ['RECORD', {}, 405],
    ['DESCRIBE', { Require: 'onvif-replay' }, 551],
  ])('answers %s %j with %i', async (method, headers, status) => {
    expect((await client.request(method, headers))?.status).toBe(status);
  });

  it('answers 404 for a camera that it does not have', async () => {
    const answer = await client.send(`DESCRIBE rtsp://127.0.0.1:${server.port}/nobody RTSP/1.0\r\nCSeq: 1\r\n\r\n`);
    expect(answer?.status).toBe(404);
  });

  it('answers 400 with the reason and hangs up where the client speaks something else', async () => {
    const answer = await client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    expect(answer).toMatchObject({ status: 400, body: expect.stringContaining('expected a request line such as') });
    await client.closed;
  });

  it('sends over UDP to the ports that the client named', async () => {
    const [rtp, rtcp] = await Promise.all([udpSocket(), udpSocket()]);
    const ports = [rtp.address().port, rtcp.address().port];
    const setup = await client.request('SETUP', { Transport: `RTP/AVP;unicast;client_port=${ports.join('-')}` }, '/track1');
    expect(setup?.headers['transport']).toMatch(new RegExp(`client_port=${ports.join('-')};server_port=\\d+-\\d+;ssrc=[0-9A-F]{8}`));
    const packet = once(rtp, 'message');
    const report = once(rtcp, 'message');
    await client.request('PLAY', { Session: setup?.headers['session']?.split(';')[0] ?? '' });
    expect(nalType(rtpPacketOf((await packet)[0]).payload)).toBe(24);
    expect((await report)[0][1]).toBe(200);
    rtp.close();
    rtcp.close();
  });

  it('keeps no heap for a slow viewer, who goes on at a key frame', async () => {
    camera.order({ clip: 'large' });
    await client.play();
    client.socket.pause();
    const waitingBytes = () => server.viewersOf(camera)[0].waitingBytes;
    while (waitingBytes() <= 256 * 1024) {
      clock.advance(200);
      await setImmediate();
    }
    const full = waitingBytes();
    clock.advance(20_000);
    expect(waitingBytes()).toBe(full);
    expect(full).toBeLessThan(512 * 1024);
    client.socket.resume();
    while (camera.counters.framesSkipped === 0) await setImmediate();
    await client.settled();
    const frames = sent();
    const jump = frames.findIndex(({ timestamp }, i) => i > 0 && (timestamp - frames[i - 1].timestamp) >>> 0 > 6000);
    expect(frames[jump].nals.map(nalType)).toEqual(expect.arrayContaining([NAL.sps, NAL.pps, NAL.idr]));
    expect(client.rtp.every(({ sequence }, i) => sequence === ((client.rtp[0].sequence + i) & 0xffff))).toBe(true);
  });
});

describe('an order', () => {
  it('freezes the camera: the connection stays, nothing comes, then it goes on at a key frame', async () => {
    await client.play();
    await pass(300);
    camera.order({ freeze: true });
    await pass(5000);
    expect(sent()).toHaveLength(5);
    camera.order({ freeze: false });
    await client.settled();
    expect(seen()).toEqual([0, 1, 2, 3, 4, 75 % 30]);
    expect((sent()[5].timestamp - sent()[0].timestamp) / 90).toBeCloseTo(5300, -1);
  });

  it('holds the frames back and delivers them at once with their true times', async () => {
    await client.play();
    await pass(300);
    camera.order({ burstMs: 3000 });
    await pass(2999);
    expect(sent()).toHaveLength(5);
    await pass(1);
    expect(seen()).toEqual(round(0, 50));
    expect(sent()[49].timestamp - sent()[0].timestamp).toBe(49 * 6000);
  });

  it('doubles the frames a second, with true times', async () => {
    await client.play();
    camera.order({ speed: 2 });
    await pass(1000 + FRAME_MS + 1);
    const frames = sent();
    expect(seen()).toEqual(round(0, 32));
    expect(frames[31].timestamp - frames[1].timestamp).toBe(30 * 3000);
  });

  it('lets the RTP clock jump while the pictures keep their pace', async () => {
    await client.play();
    await pass(FRAME_MS / 2);
    camera.order({ clockJumpMs: -1000 });
    await pass(FRAME_MS);
    const [first, second, ...more] = sent();
    expect(more).toEqual([]);
    expect(second.timestamp - first.timestamp).toBe(6000 - 90_000);
  });

  it('makes the camera start slowly: PLAY is answered, the first packet comes later', async () => {
    camera.order({ slowStartMs: 4000 });
    expect((await client.play())?.status).toBe(200);
    await pass(3999);
    expect(client.rtp).toEqual([]);
    await pass(1);
    expect(seen()).toEqual([60 % 30]);
  });

  it('switches to a clip of another size in mid-stream, from its first key frame on', async () => {
    await client.play();
    await pass(500);
    camera.order({ clip: 'large' });
    await pass(500);
    expect(seen()).toEqual([...round(0, 8), ...Array.from({ length: 8 }, () => -1)]);
    expect(seen(large).slice(8)).toEqual(round(0, 8));
    expect(sent()[8].timestamp - sent()[7].timestamp).toBe(6000);
  });

  it('damages packets', async () => {
    camera.order({ corrupt: { rate: 1, seed: 3 } });
    await client.play();
    await pass(1000);
    const damaged = sent().length;
    expect(new Set(seen())).toEqual(new Set([-1]));
    camera.order({ corrupt: null });
    await pass(1000);
    expect(seen().slice(damaged)).toEqual(round(damaged, 31));
  });

  it.each(['close', 'reset'] as const)('hangs up on every viewer: %s', async (disconnect) => {
    await client.play();
    const error = disconnect === 'reset' ? once(client.socket, 'error') : undefined;
    camera.order({ disconnect });
    await client.closed;
    expect((await error)?.[0].code).toBe(disconnect === 'reset' ? 'ECONNRESET' : undefined);
  });

  it('redirects, hides or refuses a camera, and leaves the others alone', async () => {
    camera.order({ redirect: 'rtsp://127.0.0.1:1/elsewhere' });
    expect(await client.request('DESCRIBE')).toMatchObject({ status: 302, headers: { location: 'rtsp://127.0.0.1:1/elsewhere' } });
    camera.order({ redirect: null, notFound: true });
    expect((await client.request('DESCRIBE'))?.status).toBe(404);
    camera.order({ notFound: false, refuse: true });
    expect((await client.request('OPTIONS'))?.status).toBe(503);
    await client.closed;
    const other = await connectTo(server).send(`DESCRIBE rtsp://127.0.0.1:${server.port}/large RTSP/1.0\r\nCSeq: 1\r\n\r\n`);
    expect(other?.status).toBe(200);
    expect(camera.counters.turnedAway).toBe(3);
  });

  it('makes the camera mute: the connection is there, no answer comes', async () => {
    camera.order({ mute: true });
    const answer = client.request('OPTIONS');
    await connectTo(server).send(`OPTIONS rtsp://127.0.0.1:${server.port}/large RTSP/1.0\r\nCSeq: 1\r\n\r\n`);
    expect(client.socket.readyState).toBe('open');
    client.close();
    expect(await answer).toBeUndefined();
  });

  it('asks for a password in every request but OPTIONS', async () => {
    camera.order({ password: { scheme: 'basic', user: 'viewer', password: 'dock', qop: false } });
    expect((await client.request('OPTIONS'))?.status).toBe(200);
    expect(await client.request('DESCRIBE')).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Basic realm="Ocelli camera"' } });
    expect((await client.request('SETUP', { Transport: 'RTP/AVP/TCP' }))?.status).toBe(401);
    const Authorization = `Basic ${Buffer.from('viewer:dock').toString('base64')}`;
    expect((await client.request('DESCRIBE', { Authorization }))?.status).toBe(200);
  });

  it('changes nothing if it names a clip that is not there', () => {
    expect(() => camera.order({ clip: 'nothing', freeze: true })).toThrow('there is no clip "nothing", known are: dock-1, large');
    expect(camera.faults.freeze).toBe(false);
  });
});

async function udpSocket() {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
}
