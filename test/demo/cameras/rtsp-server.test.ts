import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { NAL, nalType } from '../../../demo/cameras/h264.ts';
import { client, clips, connectAnew, stepped } from './connected-camera.ts';
import { rtpPacketOf } from './rtsp-client.ts';
import { FRAME_MS, round } from './stepped-camera.ts';

describe('the RTSP server', () => {
  it('describes the camera so that a client can start to decode', async () => {
    const answer = await client.request('DESCRIBE', { Accept: 'application/sdp' });
    expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'application/sdp', cseq: '1' } });
    const [, profile, sps, pps] = /profile-level-id=(\w{6});sprop-parameter-sets=([^,]+),(\S+)/.exec(answer?.body ?? '') ?? [];
    expect(Buffer.from(sps, 'base64')).toEqual(clips.small.sps[0]);
    expect(Buffer.from(pps, 'base64')).toEqual(clips.small.pps[0]);
    expect(clips.small.sps[0].subarray(1, 4).toString('hex')).toBe(profile);
    expect(answer?.body).toContain('a=rtpmap:96 H264/90000\r\n');
  });

  it('sends every picture whole, at its time, over the loop point', async () => {
    await client.play();
    await stepped.pass(4500);
    const frames = stepped.sent();
    expect(stepped.seen()).toEqual(round(0, 68));
    expect(frames.slice(1).every(({ timestamp }, i) => (timestamp - frames[i].timestamp) >>> 0 === 6000)).toBe(true);
  });

  it('announces sequence number and time of the first packet', async () => {
    const answer = await client.play();
    await client.settled();
    const [, sequence, time] = /seq=(\d+);rtptime=(\d+)/.exec(answer?.headers['rtp-info'] ?? '') ?? [];
    expect(client.rtp[0]).toMatchObject({ sequence: Number(sequence), timestamp: Number(time) });
  });

  it('lets sequence number and time wrap around', async () => {
    await connectAnew(() => 0xffff_fff0);
    await client.play();
    await stepped.pass(5000);
    const { sequence, timestamp } = client.rtp[0];
    expect({ sequence, timestamp }).toEqual({ sequence: 0xfff0, timestamp: 0xffff_fff0 });
    expect(client.rtp.map((packet) => packet.sequence)).toEqual(client.rtp.map((_, i) => (0xfff0 + i) & 0xffff));
    expect(stepped.sent().map((frame) => frame.timestamp)).toEqual(stepped.sent().map((_, i) => (0xffff_fff0 + i * 6000) >>> 0));
  });

  it('gives a late viewer the newest key frame at once, then the pace of the camera', async () => {
    stepped.clock.advance(1400);
    await client.play();
    await client.settled();
    expect(stepped.seen()).toEqual([15]);
    await stepped.pass(FRAME_MS + 1);
    expect(stepped.seen()).toEqual([15, 16]);
  });

  it('ties RTP time to the time of day by a sender report at the start and every five seconds', async () => {
    await client.play();
    const startMs = stepped.clock.now();
    await stepped.pass(10_500);
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
    await stepped.pass(500);
    const before = stepped.sent().length;
    expect((await client.request('PAUSE'))?.status).toBe(200);
    await stepped.pass(2000);
    expect(stepped.sent()).toHaveLength(before);
    await client.request('PLAY');
    await client.settled();
    expect(stepped.sent().at(-1)?.nals.map(nalType)).toContain(NAL.idr);
  });

  it('ends the session at TEARDOWN', async () => {
    await client.play();
    expect((await client.request('TEARDOWN'))?.status).toBe(200);
    const before = stepped.sent().length;
    await stepped.pass(1000);
    expect(stepped.sent()).toHaveLength(before);
    expect((await client.request('PLAY'))?.status).toBe(454);
  });

  it('hangs up on a client that has been silent for the length of a session', async () => {
    await client.play();
    stepped.clock.advance(59_000);
    await client.settled();
    stepped.clock.advance(59_000);
    expect(client.socket.closed).toBe(false);
    await client.settled();
    stepped.clock.advance(60_000);
    await client.closed;
    expect(stepped.server.viewersOf(stepped.camera)).toEqual([]);
  });

  it('takes reports of the receiver for a sign of life', async () => {
    await client.play();
    for (let i = 0; i < 3; i++) {
      stepped.clock.advance(40_000);
      const answer = client.request('OPTIONS');
      client.socket.write(Buffer.from('24010008 80c90001 00000000'.replaceAll(' ', ''), 'hex'));
      expect((await answer)?.status).toBe(200);
    }
    expect(stepped.server.viewersOf(stepped.camera)).toHaveLength(1);
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
    const answer = await client.send(`DESCRIBE rtsp://127.0.0.1:${stepped.server.port}/nobody RTSP/1.0\r\nCSeq: 1\r\n\r\n`);
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
    stepped.camera.order({ clip: 'large' });
    await client.play();
    client.socket.pause();
    const waitingBytes = () => stepped.server.viewersOf(stepped.camera)[0].waitingBytes;
    while (waitingBytes() <= 256 * 1024) {
      stepped.clock.advance(200);
      await setImmediate();
    }
    const full = waitingBytes();
    stepped.clock.advance(20_000);
    expect(waitingBytes()).toBe(full);
    expect(full).toBeLessThan(512 * 1024);
    client.socket.resume();
    while (stepped.camera.counters.framesSkipped === 0) await setImmediate();
    await client.settled();
    const frames = stepped.sent();
    const jump = frames.findIndex(({ timestamp }, i) => i > 0 && (timestamp - frames[i - 1].timestamp) >>> 0 > 6000);
    expect(frames[jump].nals.map(nalType)).toEqual(expect.arrayContaining([NAL.sps, NAL.pps, NAL.idr]));
    expect(client.rtp.every(({ sequence }, i) => sequence === ((client.rtp[0].sequence + i) & 0xffff))).toBe(true);
  });
});

async function udpSocket() {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
}
