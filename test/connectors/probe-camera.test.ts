import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CameraProbe, PROBE_LIMIT_MS, probeCamera } from '../../connectors/index.ts';
import { type Cameras, serveCameras } from '../../demo/cameras/index.ts';
import { type Clock, SystemClock } from '../../engine/clock.ts';
import { decodePicture } from '../../engine/pictures/picture.ts';
import { SecretUrl } from '../../engine/secret.ts';
import { testClip } from '../end-to-end/test-clips.ts';
import { ManualClock } from '../manual-clock.ts';
import { FFMPEG } from './builds.ts';

const PASSWORD = 's3cret-1';

describe('a camera that is tried', { timeout: 60_000 }, () => {
  let cameras: Cameras;

  beforeAll(async () => {
    cameras = await serveCameras({ clips: { open: testClip('testsrc2', 4), shut: testClip('testsrc2', 4) } });
    await cameras.fault('shut', { password: { scheme: 'digest', user: 'viewer', password: PASSWORD, qop: false } });
  });

  afterAll(() => cameras.close());

  const probe = (url: string, clock: Clock = new SystemClock(), signal = new AbortController().signal): Promise<CameraProbe> =>
    probeCamera({ url: new SecretUrl(url), transport: 'tcp' }, { ffmpeg: FFMPEG, clock, signal });
  const withUser = (password: string) => cameras.url('shut').replace('rtsp://', `rtsp://viewer:${password}@`);

  it('shows its picture, with size, codec and rate', async () => {
    const answer = await probe(withUser(PASSWORD));
    expect(answer).toMatchObject({ ok: true, codec: 'h264', image: { width: 960, height: 540 } });
    if (!answer.ok) return;
    // It sends 15 a second; how they come depends on the machine, too.
    expect(answer.fps).toBeGreaterThan(5);
    expect(answer.fps).toBeLessThan(45);
    expect(await decodePicture(answer.jpeg)).toMatchObject({ width: 640, height: 360 });
  });

  it('is left alone afterwards', () => {
    expect(Object.values(cameras.stats()).flatMap(({ viewers }) => viewers)).toEqual([]);
  });

  it.each([
    ['a wrong password', () => withUser('wrong-2'), 'authentication', /wrong user or password/],
    ['no password', () => cameras.url('shut'), 'authentication', /wants a password/],
    ['another path', () => cameras.url('open').replace('/open', '/other'), 'not-found', /no such stream/],
    ['a port that nobody listens on', () => 'rtsp://127.0.0.1:1/s', 'refused', /127\.0\.0\.1:1 refuses connections/],
  ])('says what is wrong with %s', async (_name, url, cause, detail) => {
    expect(await probe(url())).toEqual({ ok: false, cause, detail: expect.stringMatching(detail) });
  });

  it('is given up when it is mute, or when nobody waits any more', async () => {
    const mute: Server = createServer(() => {});
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    const { port } = mute.address() as { port: number };
    const connected = new Promise((resolve) => mute.once('connection', resolve));
    const clock = new ManualClock();
    const asked = probe(`rtsp://127.0.0.1:${port}/s`, clock);
    await connected;
    clock.advance(PROBE_LIMIT_MS);
    expect(await asked).toEqual({ ok: false, cause: 'timeout', detail: 'it sent nothing within 10 s' });
    const giveUp = new AbortController();
    const second = probe(`rtsp://127.0.0.1:${port}/s`, clock, giveUp.signal);
    giveUp.abort();
    expect(await second).toMatchObject({ ok: false, detail: 'given up' });
    mute.close();
  });
});
