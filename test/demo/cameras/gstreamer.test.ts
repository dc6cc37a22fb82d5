import { spawn, spawnSync } from 'node:child_process';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Cameras, serveCameras } from '../../../demo/cameras/serve.ts';
import { onNumbers } from './pictures.ts';
import { makeNumberedClip, temporaryFolder } from './test-clips.ts';

const NEEDED = ['rtspsrc', 'rtph264depay', 'h264parse', 'avdec_h264', 'videoconvert'];
const missing = NEEDED.filter((element) => spawnSync('gst-inspect-1.0', [element]).status !== 0);
const reason = missing.length > 0 ? ` (skipped: GStreamer lacks ${missing.join(', ')}; see demo/cameras/README.md)` : '';

const LOOP = 30;
const folder = temporaryFolder();
let clips: Record<string, string>;
let cameras: Cameras;

/** Another implementation of RTSP, RTP and H.264 than ffmpeg's for the first two. */
describe.skipIf(missing.length > 0)(`GStreamer${reason}`, () => {
  beforeAll(async () => {
    clips = { 'dock-1': await makeNumberedClip(folder, 'dock', { size: '320x180', seconds: 2, source: 'smptebars' }) };
  });

  afterEach(() => cameras.close());

  it.each([
    ['tcp', 8],
    ['udp', 2],
  ])('plays two loops over %s: every frame in order', async (transport, pace) => {
    cameras = await serveCameras({ clips, pace });
    const seen = await play(cameras.url('dock-1'), transport, 2 * LOOP);
    expect(seen.complaints).toBe('');
    expect(seen.numbers.length).toBeGreaterThanOrEqual(2 * LOOP - 1);
    expect([0, 15]).toContain(seen.numbers[0]);
    expect(seen.numbers).toEqual(seen.numbers.map((_, i) => ((seen.numbers[0] ?? Number.NaN) + i) % LOOP));
  });

  it.each([
    ['digest', false],
    ['digest', true],
    ['basic', false],
  ] as const)('proves its password by %s, qop offered: %s', async (scheme, qop) => {
    cameras = await serveCameras({ clips, pace: 8 });
    await cameras.fault('dock-1', { password: { scheme, user: 'viewer', password: 'p@:/#%', qop } });
    const seen = await play(cameras.url('dock-1'), 'tcp', 5, ['user-id=viewer', 'user-pw=p@:/#%']);
    expect(seen.complaints).toBe('');
    expect(seen.numbers.length).toBeGreaterThanOrEqual(4);
  });
});

interface Seen {
  readonly numbers: (number | null)[];
  readonly complaints: string;
}

function play(url: string, transport: string, frames: number, source: readonly string[] = []): Promise<Seen> {
  const from = ['rtspsrc', `location=${url}`, `protocols=${transport}`, 'latency=0', 'buffer-mode=none', ...source];
  const decode = '! rtph264depay ! h264parse ! avdec_h264 ! identity'.split(' ');
  const to = [`eos-after=${frames}`, ...'! videoconvert ! video/x-raw,format=GRAY8 ! fdsink sync=false'.split(' ')];
  const child = spawn('gst-launch-1.0', ['-q', ...from, ...decode, ...to], { stdio: ['ignore', 'pipe', 'pipe'] });
  const numbers: (number | null)[] = [];
  let complaints = '';
  onNumbers(child.stdout, 320, 180, (number) => numbers.push(number));
  child.stderr.on('data', (chunk) => (complaints += chunk));
  return new Promise((resolve) => child.on('close', () => resolve({ numbers, complaints })));
}
