import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { client, clips, stepped } from './connected-camera.ts';
import { FRAME_MS, round } from './stepped-camera.ts';

describe('an order', () => {
  it('freezes the camera: the connection stays, nothing comes, then it goes on at a key frame', async () => {
    await client.play();
    await stepped.pass(300);
    stepped.camera.order({ freeze: true });
    await stepped.pass(5000);
    expect(stepped.sent()).toHaveLength(5);
    stepped.camera.order({ freeze: false });
    await client.settled();
    expect(stepped.seen()).toEqual([0, 1, 2, 3, 4, 75 % 30]);
    expect((stepped.sent()[5].timestamp - stepped.sent()[0].timestamp) / 90).toBeCloseTo(5300, -1);
  });

  it('holds the frames back and delivers them at once with their true times', async () => {
    await client.play();
    await stepped.pass(300);
    stepped.camera.order({ burstMs: 3000 });
    await stepped.pass(2999);
    expect(stepped.sent()).toHaveLength(5);
    await stepped.pass(1);
    expect(stepped.seen()).toEqual(round(0, 50));
    expect(stepped.sent()[49].timestamp - stepped.sent()[0].timestamp).toBe(49 * 6000);
  });

  it('doubles the frames a second, with true times', async () => {
    await client.play();
    stepped.camera.order({ speed: 2 });
    await stepped.pass(1000 + FRAME_MS + 1);
    const frames = stepped.sent();
    expect(stepped.seen()).toEqual(round(0, 32));
    expect(frames[31].timestamp - frames[1].timestamp).toBe(30 * 3000);
  });

  it('lets the RTP clock jump while the pictures keep their pace', async () => {
    await client.play();
    await stepped.pass(FRAME_MS / 2);
    stepped.camera.order({ clockJumpMs: -1000 });
    await stepped.pass(FRAME_MS);
    const [first, second, ...more] = stepped.sent();
    expect(more).toEqual([]);
    expect(second.timestamp - first.timestamp).toBe(6000 - 90_000);
  });

  it('makes the camera start slowly: PLAY is answered, the first packet comes later', async () => {
    stepped.camera.order({ slowStartMs: 4000 });
    expect((await client.play())?.status).toBe(200);
    await stepped.pass(3999);
    expect(client.rtp).toEqual([]);
    await stepped.pass(1);
    expect(stepped.seen()).toEqual([60 % 30]);
  });

  it('switches to a clip of another size in mid-stream, from its first key frame on', async () => {
    await client.play();
    await stepped.pass(500);
    stepped.camera.order({ clip: 'large' });
    await stepped.pass(500);
    expect(stepped.seen()).toEqual([...round(0, 8), ...Array.from({ length: 8 }, () => -1)]);
    expect(stepped.seen(clips.large).slice(8)).toEqual(round(0, 8));
    expect(stepped.sent()[8].timestamp - stepped.sent()[7].timestamp).toBe(6000);
  });

  it('damages packets', async () => {
    stepped.camera.order({ corrupt: { rate: 1, seed: 3 } });
    await client.play();
    await stepped.pass(1000);
    const damaged = stepped.sent().length;
    expect(new Set(stepped.seen())).toEqual(new Set([-1]));
    stepped.camera.order({ corrupt: null });
    await stepped.pass(1000);
    expect(stepped.seen().slice(damaged)).toEqual(round(damaged, 31));
  });

  it.each(['close', 'reset'] as const)('hangs up on every viewer: %s', async (disconnect) => {
    await client.play();
    const error = disconnect === 'reset' ? once(client.socket, 'error') : undefined;
    stepped.camera.order({ disconnect });
    await client.closed;
    expect((await error)?.[0].code).toBe(disconnect === 'reset' ? 'ECONNRESET' : undefined);
  });

  it('redirects, hides or refuses a camera, and leaves the others alone', async () => {
    stepped.camera.order({ redirect: 'rtsp://127.0.0.1:1/elsewhere' });
    expect(await client.request('DESCRIBE')).toMatchObject({ status: 302, headers: { location: 'rtsp://127.0.0.1:1/elsewhere' } });
    stepped.camera.order({ redirect: null, notFound: true });
    expect((await client.request('DESCRIBE'))?.status).toBe(404);
    stepped.camera.order({ notFound: false, refuse: true });
    expect((await client.request('OPTIONS'))?.status).toBe(503);
    await client.closed;
    const other = await stepped.connect().send(`DESCRIBE rtsp://127.0.0.1:${stepped.server.port}/large RTSP/1.0\r\nCSeq: 1\r\n\r\n`);
    expect(other?.status).toBe(200);
    expect(stepped.camera.counters.turnedAway).toBe(3);
  });

  it('makes the camera mute: the connection is there, no answer comes', async () => {
    stepped.camera.order({ mute: true });
    const answer = client.request('OPTIONS');
    await stepped.connect().send(`OPTIONS rtsp://127.0.0.1:${stepped.server.port}/large RTSP/1.0\r\nCSeq: 1\r\n\r\n`);
    expect(client.socket.readyState).toBe('open');
    client.close();
    expect(await answer).toBeUndefined();
  });

  it('asks for a password in every request but OPTIONS', async () => {
    stepped.camera.order({ password: { scheme: 'basic', user: 'viewer', password: 'dock', qop: false } });
    expect((await client.request('OPTIONS'))?.status).toBe(200);
    expect(await client.request('DESCRIBE')).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Basic realm="Ocelli camera"' } });
    expect((await client.request('SETUP', { Transport: 'RTP/AVP/TCP' }))?.status).toBe(401);
    const Authorization = `Basic ${Buffer.from('viewer:dock').toString('base64')}`;
    expect((await client.request('DESCRIBE', { Authorization }))?.status).toBe(200);
  });

  it('changes nothing if it names a clip that is not there', () => {
    expect(() => stepped.camera.order({ clip: 'nothing', freeze: true })).toThrow('there is no clip "nothing", known are: dock-1, large');
    expect(stepped.camera.faults.freeze).toBe(false);
  });
});
