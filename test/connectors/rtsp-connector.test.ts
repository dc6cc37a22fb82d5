import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type CameraStatus, type Connector, createConnector } from '../../connectors/index.ts';
import { barcodeClip, type Cameras, NO_FAULTS, type Order, readBarcode, serveCameras } from '../../demo/cameras/index.ts';
import { type Clock, SystemClock } from '../../engine/clock.ts';
import type { CameraSettings } from '../../engine/config/camera-settings.ts';
import type { Frame } from '../../engine/frames/frame.ts';
import { has } from '../requirements.ts';
import { BUILDS, BUNDLED } from './builds.ts';
import { makeClip } from './clips.ts';
import { CountedClock } from './counted-clock.ts';
import { ownFfmpeg, processesOf } from './own-ffmpeg.ts';
import { camera, parts, type TestParts } from './parts.ts';
import { Recorder } from './recorder.ts';
import { runningProcesses } from './running-processes.ts';

/** A limit for a machine that is busy with other things; by itself no test takes more than a few seconds, but for the frozen camera's ten. */
vi.setConfig({ testTimeout: 90_000 });

/** Each test has a camera of its own, so that all run at once: they mostly wait. */
const NAMES = [
  'plain0',
  'plain1',
  'udp0',
  'udp1',
  'freeze',
  'hangs-up',
  'wrong',
  'digest',
  'lost',
  'redirect',
  'refuse',
  'resize',
  'corrupt',
  'slow',
  'burst',
  'fast',
  'killed',
  'removed',
  'later',
  'settings',
];

const folder = mkdtempSync(join(tmpdir(), 'ocelli-rtsp-'));
let cameras: Cameras;

beforeAll(async () => {
  const plain = makeClip(folder, 'plain.mp4', { size: '320x180', fps: 10, seconds: 6, keyEvery: 5 });
  const numbered = await barcodeClip({ source: plain, folder, ffmpeg: BUNDLED.path });
  const square = makeClip(folder, 'square.mp4', { size: '240x240', fps: 10, seconds: 6, keyEvery: 5 });
  cameras = await serveCameras({
    clips: Object.fromEntries(NAMES.map((name) => [name, numbered])),
    spareClips: { square },
    ownPorts: true,
  });
}, 60_000);

/** By the path of the camera. */
const running = new Map<string, Connector>();

afterAll(async () => {
  await Promise.all([...running.values()].map((connector) => connector.stop('shutdown')));
  cameras.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The address of a camera that is as ordered, and that nobody watches, whatever an earlier try of the same test did to it. */
async function prepared(name: string, order: Order = {}): Promise<string> {
  await running.get(`/${name}`)?.stop('shutdown');
  await cameras.fault(name, { ...NO_FAULTS, ...order });
  return cameras.url(name);
}

interface Watched {
  readonly connector: Connector;
  readonly recorder: Recorder;
  readonly given: TestParts;
}

function watch(url: string, settings: Partial<CameraSettings> = {}, ffmpeg = BUNDLED, clock: Clock = new SystemClock()): Watched {
  const recorder = new Recorder();
  const given = parts(recorder, { ffmpeg, clock });
  const connector = createConnector(camera(url, settings), given);
  running.set(new URL(url).pathname, connector);
  connector.start();
  return { connector, recorder, given };
}

const frames = (count: number) => (recorder: Recorder) => recorder.frames.length >= count;
const marks = (mark: 'up' | 'down', count: number) => (recorder: Recorder) => recorder.marksOf(mark).length >= count;

/** The bar code in the model's frame. */
function numberOf({ pixels, letterbox }: Frame): number | null {
  return readBarcode({ pixels: new Uint8Array(pixels), width: 320, height: 192, format: 'rgbp' }, letterbox);
}

function expectNothingLost({ recorder }: Watched): void {
  expect(recorder.breaches).toEqual([]);
}

describe.concurrent.each(BUILDS.map(([name, build], i) => [name, build, i] as const))('a live camera with %s', (_name, build, i) => {
  it.each([
    ['tcp', `plain${i}`],
    ['udp', `udp${i}`],
  ] as const)('is told frame by frame over %s, each with the view of the same moment', async (transport, name) => {
    const watched = watch(await prepared(name), { transport, view: { width: 320, fps: 5 } }, build);
    const { recorder } = watched;
    await recorder.until(frames(15));
    expect(recorder.marks.slice(0, 2).map(({ mark, seq }) => [mark, seq])).toEqual([
      ['up', 0],
      ['settings', 1],
    ]);
    expect(recorder.marks[0]?.source).toMatchObject({ width: 320, height: 180, codec: 'h264' });
    const numbers = recorder.frames.slice(0, 15).map(numberOf);
    const steps = numbers.slice(1).map((number, at) => ((number as number) - (numbers[at] as number) + 60) % 60);
    // A busy machine may skip some; none may come twice, or come without its number.
    expect(numbers).not.toContain(null);
    expect(steps).not.toContain(0);
    const seen = recorder.frames.filter(({ view }) => view !== undefined);
    expect(seen.length).toBeGreaterThanOrEqual(6);
    for (const frame of seen) {
      const view = frame.view as NonNullable<Frame['view']>;
      expect(readBarcode({ ...view, format: 'rgb24' })).toBe(numberOf(frame));
    }
    for (const { time, decodedMs } of recorder.frames) {
      expect(Math.abs(Date.now() - time)).toBeLessThan(10_000);
      expect(decodedMs).toBeLessThanOrEqual(Date.now() - time + 1); // Both began when its first packet was read.
    }
    expectNothingLost(watched);
  });
});

describe.concurrent('a live camera', () => {
  it('that freezes is down after 5 s, with heartbeats until it is back in a new session', async () => {
    const watched = watch(await prepared('freeze'));
    const { recorder } = watched;
    await recorder.until(frames(10));
    await cameras.fault('freeze', { freeze: true });
    await recorder.until(marks('down', 1));
    const [down] = recorder.marksOf('down');
    expect(down).toMatchObject({ cause: 'timeout', detail: expect.stringMatching(/^no (packet|frame) for 5\.\d s$/) });
    expect(down?.since).toBe(recorder.frames.at(-1)?.time);
    expect(recorder.marksOf('heartbeat').length).toBeGreaterThanOrEqual(1);
    await cameras.fault('freeze', { freeze: false });
    await recorder.until(marks('up', 2));
    expect(recorder.marksOf('up')[1]).toMatchObject({ session: 2, seq: 0, since: down?.since });
    expectNothingLost(watched);
  });

  it('that hangs up is opened again, though ffmpeg says that all is well', async () => {
    const watched = watch(await prepared('hangs-up'));
    const { recorder, connector } = watched;
    await recorder.until(frames(5));
    await cameras.fault('hangs-up', { disconnect: 'close' });
    await recorder.until(marks('up', 2));
    expect(recorder.marksOf('down').map(({ cause }) => cause)).toEqual(['ended']);
    expect(connector.status()).toMatchObject({ state: 'running', counters: { restarts: { ended: 1 } } });
    expectNothingLost(watched);
  });

  it('with a wrong password says so, and the password nowhere', async () => {
    const order = { password: { scheme: 'digest', user: 'viewer', password: 'right', qop: true } } as const;
    const url = (await prepared('wrong', order)).replace('rtsp://', 'rtsp://viewer:h%40rd%3Aguess@');
    const watched = watch(url);
    await watched.recorder.until(({ marks: all }) => all.some(({ mark }) => mark === 'heartbeat'));
    expect(watched.recorder.marks[0]).toMatchObject({ mark: 'down', seq: 0, cause: 'authentication' });
    expect(watched.given.statuses[1]).toMatchObject({ state: 'backing-off', cause: 'authentication' });
    const everything = JSON.stringify([
      watched.recorder.items,
      watched.given.statuses,
      watched.given.sentences,
      watched.connector.status(),
    ]);
    for (const form of ['h@rd:guess', 'h%40rd%3Aguess']) expect(everything).not.toContain(form);
    expectNothingLost(watched);
  });

  it('with a password of every awkward character is opened, and no command line has it', async () => {
    const password = 'p@s:s/w#d%1?&';
    const own = ownFfmpeg(folder, 'digest');
    const url = await prepared('digest', { password: { scheme: 'digest', user: 'viewer', password, qop: false } });
    const watched = watch(url.replace('rtsp://', `rtsp://viewer:${encodeURIComponent(password)}@`), {}, own);
    await watched.recorder.until(frames(3));
    expect(processesOf(own)).toHaveLength(1);
    const started = runningProcesses().filter(({ command }) => command.some((word) => word.startsWith(folder)));
    const everything = JSON.stringify([watched.given.statuses, watched.given.sentences, started]);
    for (const form of [password, encodeURIComponent(password), 'viewer', url]) expect(everything).not.toContain(form);
  });

  it('that is not at this path is told as not found', async () => {
    const { recorder } = watch(await prepared('lost', { notFound: true }));
    await recorder.until(marks('down', 1));
    expect(recorder.marks[0]).toMatchObject({ mark: 'down', cause: 'not-found' });
  });

  it('that redirects is refused, and nobody connects to where it points', async () => {
    const visits: string[] = [];
    const elsewhere = createServer((socket) => void visits.push(String(socket.remotePort))).listen(0, '127.0.0.1');
    await new Promise((resolve) => elsewhere.once('listening', resolve));
    const { port } = elsewhere.address() as { port: number };
    const { recorder } = watch(
      (await prepared('redirect', { redirect: `rtsp://127.0.0.1:${port}/trap` })).replace('rtsp://', 'rtsp://viewer:secret@'),
    );
    await recorder.until(({ marks: all }) => all.filter(({ mark }) => mark === 'heartbeat').length >= 2);
    expect(recorder.marks[0]).toMatchObject({ mark: 'down', cause: 'redirect' });
    expect(visits).toEqual([]);
    elsewhere.close();
  });

  it('that refuses at first is opened when it is there, in a session of its own', async () => {
    await prepared('refuse', { refuse: true });
    const watched = watch(cameras.ownUrl('refuse'));
    const { recorder } = watched;
    await recorder.until(marks('down', 1));
    expect(recorder.marks[0]).toMatchObject({ mark: 'down', session: 1, seq: 0, cause: 'refused' });
    await cameras.fault('refuse', { refuse: false });
    await recorder.until(marks('up', 1));
    expect(recorder.marksOf('up')[0]).toMatchObject({ session: 2, seq: 0 });
    expectNothingLost(watched);
  });

  it('whose picture changes its size goes on in a new session, never with a frame in the wrong place', async () => {
    const watched = watch(await prepared('resize'));
    const { recorder } = watched;
    await recorder.until(frames(5));
    await cameras.fault('resize', { clip: 'square' });
    await recorder.until((seen) => marks('up', 2)(seen) && seen.frames.length >= 10);
    expect(recorder.marksOf('down')[0]).toMatchObject({ cause: 'resolution', detail: 'the picture changed from 320x180 to 240x240' });
    for (const { session, image, letterbox } of recorder.frames) {
      expect(image.width).toBe(session === 1 ? 320 : 240);
      expect(letterbox.width).toBe(session === 1 ? 320 : 192);
    }
    expectNothingLost(watched);
  });

  it('whose packets are damaged runs on, and they are counted', async () => {
    const watched = watch(await prepared('corrupt', { corrupt: { rate: 0.2, seed: 7 } }));
    await watched.recorder.until((seen) => seen.frames.length >= 20 && watched.connector.status().counters.decodeErrors > 0);
    expect(watched.connector.status().state).toBe('running');
    expectNothingLost(watched);
  });

  it('that takes two seconds to send its first packet is given them', async () => {
    const { recorder } = watch(await prepared('slow', { slowStartMs: 2000 }));
    await recorder.until(frames(1));
    expect(recorder.marks.map(({ mark }) => mark)).toEqual(['up', 'settings']);
  });

  it('that holds back and then delivers all at once gives no frame that was not sent, and no more than its rate', async () => {
    const watched = watch(await prepared('burst'));
    const { recorder, connector } = watched;
    await recorder.until(frames(5));
    await cameras.fault('burst', { burstMs: 2000 });
    const before = recorder.frames.length;
    await recorder.until(frames(before + 12));
    const numbers = recorder.frames.map(numberOf);
    expect(numbers.filter((number, i) => number === null || number === numbers[i + 1])).toEqual([]);
    const { frames: put, packets } = connector.status().counters;
    expect(put).toBeLessThanOrEqual(packets);
    expect(recorder.marksOf('down')).toEqual([]);
    expectNothingLost(watched);
  });

  it('that doubles its rate is still looked at ten times a second', async () => {
    const { recorder } = watch(await prepared('fast'));
    await recorder.until(frames(5));
    await cameras.fault('fast', { speed: 2 });
    const before = recorder.frames.length;
    await recorder.until(frames(before + 40));
    const [first, last] = [recorder.frames[before], recorder.frames[before + 39]] as [Frame, Frame];
    // 39 intervals of 100 ms, less the half of one that either end may be early: at twenty a second it would be two seconds.
    expect(last.time - first.time).toBeGreaterThanOrEqual(3700);
    expect(recorder.marksOf('down')).toEqual([]);
  });

  it('whose ffmpeg is killed is opened again within two seconds', async () => {
    const own = ownFfmpeg(folder, 'killed');
    const watched = watch(await prepared('killed'), {}, own);
    const { recorder } = watched;
    await recorder.until(frames(5));
    process.kill(processesOf(own)[0] as number, 'SIGKILL');
    await recorder.until(marks('down', 1));
    expect(recorder.marksOf('down')[0]).toMatchObject({ cause: 'local', detail: 'ffmpeg was ended by signal 9' });
    const { state, since, nextTryAt } = watched.given.statuses.at(-1) as CameraStatus;
    expect(state).toBe('backing-off');
    expect((nextTryAt as number) - since).toBeLessThanOrEqual(1000);
    await recorder.until(marks('up', 2));
    expectNothingLost(watched);
  });

  it('that is removed ends with a mark, and its ffmpeg with it', async () => {
    const own = ownFfmpeg(folder, 'removed');
    const watched = watch(await prepared('removed'), {}, own);
    const { recorder, connector } = watched;
    await recorder.until(frames(5));
    expect(processesOf(own)).toHaveLength(1);
    await connector.stop('removed');
    expect(recorder.items.at(-1)).toMatchObject({ mark: 'end', detail: 'the camera was removed', since: recorder.frames.at(-1)?.time });
    expect(connector.status().state).toBe('disabled');
    expect(processesOf(own)).toEqual([]);
    expect(cameras.stats()['removed']?.viewers).toEqual([]);
    expectNothingLost(watched);
  });

  it('takes new settings without being opened again', async () => {
    const watched = watch(await prepared('settings'));
    const { recorder, connector } = watched;
    await recorder.until(frames(3));
    connector.applySettings({ hash: 'two', settings: {} });
    const before = recorder.frames.length;
    await recorder.until(frames(before + 3));
    expect(recorder.marksOf('settings').map(({ hash, session }) => [hash, session])).toEqual([
      ['one', 1],
      ['two', 1],
    ]);
    expect(recorder.frames.at(-1)?.settings).toBe('two');
    expectNothingLost(watched);
  });

  it('leaves nothing behind that could tell something once it was stopped', async () => {
    const own = ownFfmpeg(folder, 'later');
    const clock = new CountedClock();
    const { recorder, connector } = watch(await prepared('later'), {}, own, clock);
    await recorder.until(frames(2));
    expect(clock.waiting).toBeGreaterThan(0);
    await connector.stop('shutdown');
    expect(clock.waiting).toBe(0);
    expect(processesOf(own)).toEqual([]);
    expect(cameras.stats()['later']?.viewers).toEqual([]);
    expect(recorder.marksOf('end')).toEqual([]);
  });
});

describe.skipIf(!has('gstreamer'))('cameras of another maker (GStreamer)', () => {
  const [user, password] = ['admin', 'p@s:s'];
  let server: ChildProcess;
  let address: string;

  beforeAll(async () => {
    const argv = ['test/connectors/gstreamer-server.py', '320', '180', '10', '20', user, password];
    server = spawn('/usr/bin/python3', argv, { stdio: ['ignore', 'pipe', 'inherit'] });
    const port = await new Promise<string>((resolve) => server.stdout?.once('data', (data) => resolve(String(data).trim())));
    address = `rtsp://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}`;
  });

  afterAll(() => void server.kill('SIGKILL'));

  it.each([
    ['/camera', 'tcp', 'h264', 180],
    ['/h265', 'udp', 'hevc', 180],
    // Packets tell the height of a JPEG in steps of eight.
    ['/jpeg', 'tcp', 'mjpeg', 184],
  ] as const)('are watched with their password: %s over %s', async (path, transport, codec, height) => {
    for (const [, build] of BUILDS) {
      const watched = watch(`${address}${path}`, { transport }, build);
      await watched.recorder.until(frames(10));
      expect(watched.recorder.marks[0]?.source).toEqual({ width: 320, height, codec, fps: 10 });
      expect(watched.connector.status().counters).toMatchObject({ decodeErrors: 0, lostPackets: 0, skippedPictures: 0 });
      expectNothingLost(watched);
      await watched.connector.stop('shutdown');
    }
  });
});
