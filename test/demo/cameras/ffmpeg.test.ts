import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Cameras, serveCameras } from '../../../demo/cameras/serve.ts';
import { FFMPEG_BUILDS } from './ffmpeg-builds.ts';
import { makeNumberedClip, temporaryFolder } from './test-clips.ts';
import { type Seen, watch } from './watch.ts';

/** The cameras' time runs fast, so that many loops are over soon. */
const PACE = 8;
/** By UDP a player that gets no processor for a while loses what does not fit its socket: a slower camera, and pictures of one packet each. */
const CALM_PACE = 2;
/** Frames in the clip; every 15th is a key frame. */
const LOOP = 30;
const SMALL = { width: 320, height: 180 };
const folder = temporaryFolder();
let clips: Record<string, string>;
let cameras: Cameras;

beforeAll(async () => {
  const [dock, gate, still] = await Promise.all([
    makeNumberedClip(folder, 'dock', { size: '320x180', seconds: 2 }),
    makeNumberedClip(folder, 'gate', { size: '480x270', seconds: 2 }),
    makeNumberedClip(folder, 'still', { size: '320x180', seconds: 2, source: 'smptebars' }),
  ]);
  clips = { 'dock-1': dock, 'gate-3': gate, still };
});

afterEach(() => cameras.close());

/** How far each number is from the one before, around the loop. */
const steps = ({ numbers }: Seen) =>
  numbers.slice(1).map((number, i) => ((number ?? Number.NaN) - (numbers[i] ?? Number.NaN) + LOOP) % LOOP);
const framesSent = () => cameras.stats()['dock-1'].counters.framesSent;
const intervals = ({ times }: Seen) => times.slice(1).map((time, i) => time - times[i]);

describe.each(FFMPEG_BUILDS)('$name', (build) => {
  it.each([
    ['tcp', 5, 'dock-1', PACE],
    ['udp', 2, 'still', CALM_PACE],
  ] as const)(
    'plays over %s for %i loops: every frame in order, times rising evenly, no complaint',
    async (transport, loops, camera, pace) => {
      cameras = await serveCameras({ clips, pace });
      const seen = await watch(build, cameras.url(camera), { ...SMALL, frames: loops * LOOP, transport });
      expect(seen.complaints).toBe('');
      expect(seen.exitCode).toBe(0);
      expect(seen.numbers).toHaveLength(loops * LOOP);
      expect(steps(seen)).toEqual(Array.from({ length: loops * LOOP - 1 }, () => 1));
      expect(Math.max(...intervals(seen))).toBeCloseTo(1 / 15, 3);
      expect(Math.min(...intervals(seen))).toBeCloseTo(1 / 15, 3);
    },
  );

  it('gets a clean key frame first when it comes late', async () => {
    cameras = await serveCameras({ clips, pace: PACE });
    await watch(build, cameras.url('dock-1'), { ...SMALL, frames: 20 });
    const seen = await watch(build, cameras.url('dock-1'), { ...SMALL, frames: 3 });
    expect(seen.complaints).toBe('');
    expect([0, 15]).toContain(seen.numbers[0]);
    expect(steps(seen)).toEqual([1, 1]);
  });

  it('proves its password by Digest and by Basic, and is told 401 with a wrong one', async () => {
    cameras = await serveCameras({ clips, pace: PACE });
    const account = { user: 'viewer', password: 'p@:/#%', qop: false } as const;
    const withPassword = (password: string) => cameras.url('dock-1').replace('//', `//viewer:${encodeURIComponent(password)}@`);
    for (const [scheme, qop] of [
      ['digest', false],
      ['digest', true],
      ['basic', false],
    ] as const) {
      await cameras.fault('dock-1', { password: { ...account, scheme, qop } });
      const seen = await watch(build, withPassword(account.password), { ...SMALL, frames: 2 });
      expect([scheme, qop, seen.complaints, seen.numbers.length]).toEqual([scheme, qop, '', 2]);
    }
    const refused = await watch(build, withPassword('wrong'), { ...SMALL, frames: 2 });
    expect(refused).toMatchObject({ exitCode: 1, numbers: [], complaints: expect.stringContaining('401 Unauthorized') });
  });

  it('follows a redirect to another camera', async () => {
    cameras = await serveCameras({ clips, pace: PACE });
    await cameras.fault('dock-1', { redirect: cameras.url('gate-3') });
    const seen = await watch(build, cameras.url('dock-1'), { ...SMALL, frames: 2 });
    expect(seen.sizes).toEqual(['480x270', '480x270']);
  });

  it('is told 404 by a camera that is not found, and 503 by one that refuses on the shared port', async () => {
    cameras = await serveCameras({ clips });
    await cameras.fault('dock-1', { notFound: true });
    expect((await watch(build, cameras.url('dock-1'), { ...SMALL, frames: 1 })).complaints).toContain('404 Not Found');
    await cameras.fault('dock-1', { notFound: false, refuse: true });
    expect((await watch(build, cameras.url('dock-1'), { ...SMALL, frames: 1 })).complaints).toMatch(/503|Server returned 5XX/);
  });

  it('finds the own port of a refusing camera closed, and open again afterwards', async () => {
    cameras = await serveCameras({ clips, ownPorts: true, pace: PACE });
    const url = cameras.ownUrl('dock-1');
    await cameras.fault('dock-1', { refuse: true });
    expect((await watch(build, url, { ...SMALL, frames: 1 })).complaints).toContain('Connection refused');
    await cameras.fault('dock-1', { refuse: false });
    expect(cameras.ownUrl('dock-1')).toBe(url);
    expect((await watch(build, url, { ...SMALL, frames: 2 })).numbers).toHaveLength(2);
  });

  it('hears nothing from a mute camera and gives up by its own time limit', async () => {
    cameras = await serveCameras({ clips });
    await cameras.fault('dock-1', { mute: true });
    const seen = await watch(build, cameras.url('dock-1'), { ...SMALL, frames: 1, inputOptions: [build.timeoutOption, '300000'] });
    expect(seen).toMatchObject({ exitCode: 1, numbers: [] });
    expect(cameras.stats()['dock-1'].counters).toMatchObject({ connections: 1, packetsSent: 0 });
  });

  it('sees a frozen camera go on at a key frame, cleanly, with the time that has passed', async () => {
    cameras = await serveCameras({ clips, pace: PACE });
    let enough = Number.POSITIVE_INFINITY;
    const thaw = () => {
      void cameras.fault('dock-1', { freeze: false });
      enough = framesSent() + LOOP;
    };
    const onFrame = (count: number): 'stop' | 'go on' => {
      if (count === 20) {
        void cameras.fault('dock-1', { freeze: true });
        setTimeout(thaw, 5000 / PACE);
      }
      return count < enough ? 'go on' : 'stop';
    };
    const seen = await watch(build, cameras.url('dock-1'), { ...SMALL, onFrame });
    const [jump, ...more] = intervals(seen).flatMap((seconds, i) => (seconds > 0.1 ? [i] : []));
    expect(seen.complaints).toBe('');
    expect(more).toEqual([]);
    expect(intervals(seen)[jump]).toBeGreaterThan(3);
    expect([0, 15]).toContain(seen.numbers[jump + 2]);
  });

  it('sees twice as many frames a second at double speed', async () => {
    cameras = await serveCameras({ clips, pace: PACE });
    await cameras.fault('dock-1', { speed: 2 });
    const seen = await watch(build, cameras.url('dock-1'), { ...SMALL, frames: 40 });
    expect(seen.complaints).toBe('');
    expect(Math.max(...intervals(seen))).toBeCloseTo(1 / 30, 3);
    expect(Math.min(...intervals(seen))).toBeCloseTo(1 / 30, 3);
  });

  it('sees the change of resolution in mid-stream', async () => {
    cameras = await serveCameras({ clips, pace: PACE });
    let enough = Number.POSITIVE_INFINITY;
    const onFrame = (count: number): 'stop' | 'go on' => {
      if (count === 10) {
        void cameras.fault('dock-1', { clip: 'gate-3' });
        enough = framesSent() + LOOP;
      }
      return count < enough ? 'go on' : 'stop';
    };
    const seen = await watch(build, cameras.url('dock-1'), { ...SMALL, onFrame });
    const change = seen.sizes.indexOf('480x270');
    expect(seen.complaints).toBe('');
    expect(change).toBeGreaterThan(0);
    expect(new Set(seen.sizes.slice(change))).toEqual(new Set(['480x270']));
    expect(seen.numbers[change]).toBe(0);
  });

  it('complains of corrupt packets and plays on', async () => {
    cameras = await serveCameras({ clips, pace: PACE });
    await cameras.fault('dock-1', { corrupt: { rate: 0.3, seed: 5 } });
    const seen = await watch(build, cameras.url('dock-1'), { ...SMALL, frames: 60 });
    expect(seen.complaints).toMatch(/error/);
    expect(seen.numbers).toHaveLength(60);
  });

  it('ends when the camera hangs up', async () => {
    cameras = await serveCameras({ clips, pace: PACE });
    const onFrame = (count: number): 'stop' | 'go on' => {
      if (count === 10) void cameras.fault('dock-1', { disconnect: 'close' });
      return 'go on';
    };
    const seen = await watch(build, cameras.url('dock-1'), { ...SMALL, onFrame });
    expect(seen.numbers.length).toBeGreaterThanOrEqual(10);
    expect(cameras.stats()['dock-1'].viewers).toEqual([]);
  });
});
