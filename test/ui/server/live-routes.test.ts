import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { decodePicture } from '../../../engine/pictures/picture.ts';
import type { TrackedObject, TrackState } from '../../../engine/records/record.ts';
import { gap, mark, START_MS, tracked } from '../../records.ts';
import { greyOf, LiveHarness, PICTURE_LIMITS } from './live-harness.ts';

describe('what the live view can be asked over HTTP', () => {
  let harness: LiveHarness;

  afterEach(() => harness.close());

  /** Waits until the records were followed: a watching client sees the last frame only after them. */
  async function followed(): Promise<void> {
    const client = await harness.connect();
    await client.watch({});
    harness.clock.advance(100);
    await harness.frame(90);
    await client.frame(1);
  }

  it('lists every camera without its password', async () => {
    harness = await LiveHarness.open({ cameras: [{ id: 'dock-1' }, { id: 'gate-2' }] });
    const { cameras } = (await (await harness.fetch('/api/cameras')).json()) as { cameras: { id: string; state: string }[] };
    expect(cameras.map(({ id, state }) => [id, state])).toEqual([
      ['dock-1', 'running'],
      ['gate-2', 'running'],
    ]);
  });

  it('gives the newest picture of a camera, with its place', async () => {
    harness = await LiveHarness.open();
    await harness.frame(1);
    await harness.frame(2);
    const response = await harness.fetch('/api/cameras/dock-1/latest.jpg?width=160');
    const { pixels, width } = await decodePicture(new Uint8Array(await response.arrayBuffer()));
    expect([response.headers.get('x-ocelli-place'), width]).toEqual(['1/2', 160]);
    expect(Math.abs((pixels[99] as number) - greyOf(2))).toBeLessThanOrEqual(2);
  });

  it('gives no picture that is older than a second', async () => {
    harness = await LiveHarness.open();
    await harness.frame(1);
    harness.clock.advance(1001);
    expect((await harness.fetch('/api/cameras/dock-1/latest.jpg')).status).toBe(404);
  });

  it.each([
    ['/api/cameras/nowhere/latest.jpg', 404],
    ['/api/cameras/nowhere/history', 404],
    ['/api/cameras/..%2f..%2fetc%2fpasswd/latest.jpg', 404],
    ['/api/cameras/dock-1/latest.jpg?width=0', 400],
    ['/api/cameras/dock-1/latest.jpg?size=9', 400],
  ])('answers %s with %i', async (path, status) => {
    harness = await LiveHarness.open();
    expect((await harness.fetch(path)).status).toBe(status);
  });

  it('names the cameras that there are to who asks for another one', async () => {
    harness = await LiveHarness.open();
    const answer = await harness.fetch('/api/cameras/nowhere/latest.jpg');
    expect(await answer.json()).toEqual({ code: 'CAMERA_UNKNOWN', error: 'There is no camera "nowhere". There is dock-1.' });
  });

  it('tells counts, losses and marks by the second of event time', async () => {
    harness = await LiveHarness.open();
    const object = (state: TrackState): TrackedObject => ({
      ...{ label: 'parcel', score: 0.9, box: [0.1, 0.1, 0.1, 0.1], track: 'dock-1/1/1', since: START_MS, state },
    });
    const seen = [object('confirmed')];
    const guessed = [...seen, object('coasting')];
    await harness.log.append('tracks', 0, [
      mark('up'),
      tracked(1, seen),
      tracked(2, guessed),
      gap(8, 12, 'overload'),
      mark('heartbeat', 13),
    ]);
    await followed();
    const history = (await (await harness.fetch('/api/cameras/dock-1/history')).json()) as { seconds: unknown[]; marks: unknown[] };
    expect(history.seconds.slice(0, 2)).toEqual([
      { time: START_MS, frames: 2, objects: 2, gaps: { overload: 2 } },
      { time: START_MS + 1000, frames: 0, objects: 0, gaps: { overload: 3 } },
    ]);
    expect(history.marks).toEqual([{ time: START_MS, mark: 'up' }]);
  });

  it('tells health: latency by stage, losses, pictures, workers, the log and what the decoder said, without passwords', async () => {
    const status = { state: 'running', since: START_MS, fps: 10, frames: 7, decodeErrors: 2, restarts: { timeout: 3 } } as const;
    harness = await LiveHarness.open({ cameras: [{ status: { ...status, lastLines: ['rtsp://u:hunter22@192.0.2.1: timed out'] } }] });
    await harness.log.append('tracks', 0, [gap(1, 4, 'stale')]);
    await followed();
    const text = await (await harness.fetch('/api/health')).text();
    const health = JSON.parse(text) as { cameras: Record<string, unknown>[]; workers: number; viewers: number };
    expect(health).toMatchObject({ workers: 2, viewers: 1, log: { bytes: 1000, limitBytes: 5000 } });
    expect(health).toMatchObject({ pictures: { count: 0, bytes: 0, limitBytes: PICTURE_LIMITS.bytes, limitMs: PICTURE_LIMITS.ageMs } });
    expect(health.cameras[0]).toMatchObject({ looked: 1, jpegs: 1, dropped: { stale: 4 }, restarts: { timeout: 3 }, decodeErrors: 2 });
    expect(health.cameras[0]?.['latency']).toMatchObject({ inferred: { p50: 20, p99: 20, samples: 1 } });
    expect(text).toContain('rtsp://***@192.0.2.1');
    expect(text).not.toContain('hunter22');
  });

  it('forecasts when the log is full, once it was measured for a minute', async () => {
    harness = await LiveHarness.open();
    const ask = async () => ((await (await harness.fetch('/api/health')).json()) as { log: Record<string, number> }).log;
    expect(await ask()).not.toHaveProperty('bytesAnHour');
    harness.clock.advance(61_000);
    expect(await ask()).toMatchObject({ bytesAnHour: 0 });
  });

  it('trades the token for a cookie that scripts cannot read, and answers a wrong one late', async () => {
    harness = await LiveHarness.open({ token: 'right-token' });
    const post = (token: string) =>
      harness.fetch('/api/session', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ token }) });
    expect((await harness.fetch('/api/cameras')).status).toBe(401);
    const cookie = (await post('right-token')).headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/HttpOnly; SameSite=Strict/);
    expect((await harness.fetch('/api/cameras', { headers: { cookie: cookie.split(';')[0] as string } })).status).toBe(200);
    const delayed = harness.clock.nextAlarm();
    const wrong = post('wrong-token');
    await delayed;
    harness.clock.advance(1000);
    expect((await wrong).status).toBe(401);
  });

  it.each([
    ['what is no JSON', 'hello', 400],
    ['lists in lists, 10 000 deep', '['.repeat(10_000) + ']'.repeat(10_000), 400],
    ['a prototype', '{"token":"right-token","__proto__":{"admin":true}}', 400],
    ['more than 1 MiB', JSON.stringify({ token: 'x'.repeat(1024 * 1024) }), 413],
  ])('refuses as a sign-in %s', async (_name, body, status) => {
    harness = await LiveHarness.open({ token: 'right-token' });
    const answer = await harness.fetch('/api/session', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([status, null]);
    expect(await answer.json()).toHaveProperty('error');
  });

  describe('the built application', () => {
    const build = () => {
      const outside = mkdtempSync(join(tmpdir(), 'ocelli-web-'));
      const folder = join(outside, 'dist');
      mkdirSync(join(folder, 'assets'), { recursive: true });
      writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Ocelli</title>');
      writeFileSync(join(folder, 'assets/index-abc123.js'), 'export {};');
      writeFileSync(join(outside, 'secret.txt'), 'secret');
      return folder;
    };

    it('comes with a policy that allows no script but its own, and is looked up anew', async () => {
      harness = await LiveHarness.open({ webFolder: build() });
      const page = await harness.fetch('/');
      expect(await page.text()).toContain('<title>Ocelli</title>');
      expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'; script-src 'self';.*frame-ancestors 'none'/);
      expect([page.headers.get('cache-control'), page.headers.get('x-content-type-options')]).toEqual(['no-cache', 'nosniff']);
    });

    it('has assets that never change', async () => {
      harness = await LiveHarness.open({ webFolder: build() });
      const asset = await harness.fetch('/assets/index-abc123.js');
      expect([asset.status, asset.headers.get('cache-control')]).toEqual([200, 'public, max-age=31536000, immutable']);
    });

    it.each(['/assets/..%2f..%2fsecret.txt', '/..%2fsecret.txt', '/%2e%2e/secret.txt', '/assets/', '/.env'])(
      'gives nothing for %s',
      async (path) => {
        harness = await LiveHarness.open({ webFolder: build() });
        const response = await harness.server.inject({ url: path, headers: { host: '127.0.0.1' } });
        expect(response.statusCode).toBeGreaterThanOrEqual(400);
        expect(response.body).not.toBe('secret');
      },
    );

    it('can be opened without a token, since it holds nothing', async () => {
      harness = await LiveHarness.open({ webFolder: build(), token: 'right-token' });
      expect((await harness.fetch('/')).status).toBe(200);
      expect((await harness.fetch('/assets/index-abc123.js')).status).toBe(200);
    });

    it('says what to do when it was not built', async () => {
      harness = await LiveHarness.open({ webFolder: join(tmpdir(), 'ocelli-not-built') });
      const response = await harness.fetch('/');
      expect([response.status, await response.text()]).toEqual([503, expect.stringContaining('npm run build')]);
    });
  });
});
