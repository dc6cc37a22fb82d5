import { chmodSync, readFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type ConnectorParts, createConnector, type Recorded } from '../../connectors/index.ts';
import type { CameraSettings } from '../../engine/config/camera-settings.ts';
import { ManualClock } from '../manual-clock.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { BUNDLED } from './builds.ts';
import { makeClip, makeImages } from './clips.ts';
import { camera, parts } from './parts.ts';
import { Recorder } from './recorder.ts';

const ended = (recorder: Recorder) => recorder.marksOf('end').length > 0;

interface Run {
  readonly settings?: Partial<CameraSettings>;
  readonly parts?: Partial<ConnectorParts>;
  readonly recorder?: Recorder;
  /** When to stop watching; by default at the end of the recording. */
  readonly until?: (recorder: Recorder) => boolean;
}

/** Reads a recording until something holds, then shuts the connector down. */
async function read(path: string, run: Run = {}) {
  const recorder = run.recorder ?? new Recorder();
  const given = parts(recorder, run.parts);
  const connector = createConnector(camera(pathToFileURL(path).href, run.settings), given);
  connector.start();
  await recorder.until(run.until ?? ended);
  await connector.stop('shutdown');
  return { recorder, connector, given };
}

function goesOn(from: Recorded): Pick<ConnectorParts, 'recorded'> {
  return { recorded: () => from };
}

describe('a video file', () => {
  it('is told from `up` to `end`, every tenth of a second, with nothing left out', async () => {
    const { recorder, connector, given } = await read(makeClip(temporaryFolder(), 'clip.mp4', { fps: 20 }));
    const frames = Array.from({ length: 20 }, (_, i) => `frame ${i + 2} ${i * 100}`);
    expect(recorder.story).toEqual(['up 0 0', 'settings 1 0', ...frames, 'end 22 1901']);
    expect(recorder.marks[0]?.source).toEqual({ width: 64, height: 36, codec: 'h264', fps: 20 });
    expect(recorder.marks.at(-1)).toMatchObject({ cause: 'ended', since: 1900 });
    expect(recorder.breaches).toEqual([]);
    expect(connector.status()).toMatchObject({ state: 'ended', counters: { frames: 20, decodeErrors: 0 } });
    expect(given.sentences).toEqual([expect.stringMatching(/^Recording cam was read to its end: 20 frames in \d+\.\d s/)]);
  });

  it('begins when the configuration says, else when its file says', async () => {
    const path = makeClip(temporaryFolder(), 'clip.mp4', { more: ['-metadata', 'creation_time=2026-03-04T05:06:07Z'] });
    const told = async (settings: Partial<CameraSettings>) => (await read(path, { settings })).recorder.frames[0]?.time;
    expect(await told({})).toBe(Date.UTC(2026, 2, 4, 5, 6, 7));
    expect(await told({ startMs: 1_000_000 })).toBe(1_000_000);
  });

  it('waits for room, frame by frame, and loses none', async () => {
    const path = makeClip(temporaryFolder(), 'clip.mp4', { seconds: 4 });
    const recorder = new Recorder();
    const connector = createConnector(camera(pathToFileURL(path).href), parts(recorder));
    recorder.shut();
    connector.start();
    await recorder.isAskedForRoom;
    expect(recorder.items).toEqual([]);
    recorder.letIn();
    await recorder.until(ended);
    expect(recorder.frames).toHaveLength(40);
    await connector.stop('shutdown');
  });

  it('stops at once when it is told to while it waits for room', async () => {
    const recorder = new Recorder();
    const connector = createConnector(camera(pathToFileURL(makeClip(temporaryFolder(), 'clip.mp4')).href), parts(recorder));
    recorder.shut();
    connector.start();
    await recorder.isAskedForRoom;
    await connector.stop('shutdown');
    expect(recorder.items).toEqual([]);
  });

  it('is played at its own pace when that is asked for', async () => {
    const clock = new ManualClock();
    const recorder = new Recorder();
    const path = makeClip(temporaryFolder(), 'clip.mp4', { fps: 10 });
    const connector = createConnector(camera(pathToFileURL(path).href, { pace: 'real-time' }), parts(recorder, { clock }));
    connector.start();
    await recorder.until(({ frames }) => frames.length === 1);
    for (let frame = 2; frame <= 20; frame += 1) {
      await clock.isWaitedFor();
      expect(recorder.frames).toHaveLength(frame - 1);
      clock.advance(99);
      expect(recorder.frames).toHaveLength(frame - 1);
      clock.advance(1);
      await recorder.until(({ frames }) => frames.length === frame);
    }
    await recorder.until(ended);
    await connector.stop('shutdown');
  });
});

describe('after a crash', () => {
  const settings = 'one';

  it('goes on at the first place that has no record, wherever that is, as if nothing had been', async () => {
    const path = makeClip(temporaryFolder(), 'clip.mp4', { fps: 15, seconds: 2 });
    const whole = (await read(path)).recorder;
    for (const cut of [0, 1, 2, 3, 12, whole.items.length - 2]) {
      const last = whole.items[cut] as { seq: number; time: number };
      const framesUntil = whole.frames.findLast(({ seq }) => seq <= last.seq)?.time;
      const frames = framesUntil === undefined ? {} : { framesUntil };
      const known = { session: 1, seq: last.seq, time: last.time, ...(cut > 0 ? { settings } : {}), ...frames };
      const { recorder } = await read(path, { parts: goesOn(known) });
      expect(recorder.story).toEqual(whole.story.slice(cut + 1));
    }
  });

  it('says nothing when the end is recorded, though nobody remembered that', async () => {
    const path = makeClip(temporaryFolder(), 'clip.mp4', { fps: 10 });
    const { recorder } = await readUntilStatus(path, goesOn({ session: 1, seq: 22, time: 1901, settings, framesUntil: 1900 }));
    expect(recorder.story).toEqual([]);
  });

  it('does not read what was read to its end', async () => {
    const beginRecording = async () => ({ session: 1, ended: true, resumed: false });
    const sessions = { ...parts(new Recorder()).sessions, beginRecording };
    const { recorder, given } = await readUntilStatus(makeClip(temporaryFolder(), 'clip.mp4'), { sessions });
    expect(recorder.items).toEqual([]);
    expect(given.statuses.at(-1)).toMatchObject({ state: 'ended', detail: 'it was read to its end before' });
  });

  it('tells settings that were changed meanwhile, before the first new frame', async () => {
    const path = makeClip(temporaryFolder(), 'clip.mp4', { fps: 10, seconds: 1 });
    const { recorder } = await read(path, { parts: goesOn({ session: 1, seq: 9, time: 700, settings: 'older', framesUntil: 700 }) });
    expect(recorder.story).toEqual(['settings 10 700', 'frame 11 800', 'frame 12 900', 'end 13 901']);
  });

  it('keeps a later recording of the same camera behind the earlier one', async () => {
    const path = makeClip(temporaryFolder(), 'clip.mp4', { fps: 10, seconds: 1 });
    const sessions = { ...parts(new Recorder()).sessions, beginRecording: async () => ({ session: 2, ended: false, resumed: false }) };
    const first = await read(path, { parts: { sessions, ...goesOn({ session: 1, seq: 50, time: 5000, settings, framesUntil: 5000 }) } });
    expect(first.recorder.story.slice(0, 4)).toEqual(['up 0 5001', 'settings 1 5001', 'frame 2 5001', 'frame 3 5101']);
    const again = await read(path, {
      parts: { sessions, ...goesOn({ session: 2, seq: 3, time: 5101, settings, began: 5001, framesUntil: 5101 }) },
    });
    expect(again.recorder.story).toEqual(first.recorder.story.slice(4));
  });

  it('of ffmpeg alone, reads again from the start and goes on where it was', async () => {
    const folder = temporaryFolder();
    const path = makeClip(folder, 'clip.mp4', { fps: 10 });
    const stub = join(folder, 'ffmpeg');
    // The first run is cut off in the eighth frame, and fails.
    const once = `if mkdir ${folder}/first 2>/dev/null; then ${BUNDLED.path} "$@" | head -c ${7.5 * 320 * 192 * 3}; exit 9; fi`;
    writeFileSync(stub, `#!/bin/sh\n${once}\nexec ${BUNDLED.path} "$@"\n`);
    chmodSync(stub, 0o755);
    const { recorder, given, connector } = await read(path, { parts: { ffmpeg: { ...BUNDLED, path: stub } } });
    expect(recorder.story).toEqual((await read(path)).recorder.story);
    expect(given.statuses.map(({ state }) => state)).toEqual(['starting', 'running', 'backing-off', 'starting', 'running', 'ended']);
    expect(connector.status().counters).toMatchObject({ truncatedFrames: 1, restarts: { corrupt: 1 } });
  });
});

describe('a recording that cannot be read', () => {
  it('is asked for again while there is no such file, and read when it is there', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'later.mp4');
    const clip = makeClip(folder, 'clip.mp4', { seconds: 1 });
    const clock = new ManualClock();
    const recorder = new Recorder();
    const given = parts(recorder, { clock });
    const connector = createConnector(camera(pathToFileURL(path).href), given);
    connector.start();
    await clock.isWaitedFor();
    expect(connector.status()).toMatchObject({ state: 'backing-off', cause: 'not-found', detail: expect.stringContaining('no file') });
    renameSync(clip, path);
    clock.advance(1000);
    await recorder.until(ended);
    expect(recorder.frames).toHaveLength(10);
    expect(given.sentences.slice(0, 2)).toEqual([
      `Camera cam is down: There is no file or folder "${path}". Correct the address.`,
      'Camera cam is up again after 1 s',
    ]);
    await connector.stop('shutdown');
  });

  it('ends with its cause after three tries', async () => {
    const path = join(temporaryFolder(), 'text.mp4');
    writeFileSync(path, 'This is no film, it is a sentence.');
    const { recorder, given } = await read(path, { parts: { clock: impatient() } });
    expect(recorder.story).toEqual(['down 0 0', 'end 1 1']);
    expect(recorder.marks[1]).toMatchObject({ cause: 'corrupt', detail: expect.stringContaining('Invalid data found') });
    expect(recorder.breaches).toEqual([]);
    expect(given.sentences.at(-1)).toMatch(/Recording cam could not be read to its end/);
  });

  it('gives what there is of a file that was cut off', async () => {
    const path = makeClip(temporaryFolder(), 'clip.ts', { fps: 10, seconds: 4, size: '640x360', more: ['-f', 'mpegts'] });
    truncateSync(path, Math.floor(readFileSync(path).length / 2));
    const { recorder } = await read(path, { parts: { clock: impatient() } });
    expect(recorder.frames.length).toBeGreaterThan(10);
    expect(recorder.frames.length).toBeLessThan(30);
    expect(recorder.breaches).toEqual([]);
  });
});

describe('a folder of images', () => {
  it('is read in natural order, PNG and JPEG, at the configured rate', async () => {
    const folder = temporaryFolder();
    makeImages(folder, 'shot %d.png', 11);
    makeImages(folder, 'shot 10%d.jpg', 2, '128x48');
    writeFileSync(join(folder, 'notes.txt'), 'not a picture');
    const { recorder } = await read(folder, { settings: { fps: 4 } });
    expect(recorder.frames.map(({ time }) => time)).toEqual(Array.from({ length: 13 }, (_, i) => i * 250));
    const widths = recorder.frames.map(({ image }) => image.width);
    expect(widths).toEqual([...Array(11).fill(64), 128, 128]);
    expect(recorder.breaches).toEqual([]);
  });

  it('names the places of images that cannot be decoded', async () => {
    const folder = temporaryFolder();
    makeImages(folder, '%d.png', 5);
    for (const name of ['1.png', '3.png', '5.png']) writeFileSync(join(folder, name), 'no picture');
    const { recorder } = await read(folder);
    const frames = ['gap 2 0 decode', 'frame 3 100', 'gap 4 200 decode', 'frame 5 300', 'gap 6 400 decode'];
    expect(recorder.story).toEqual(['up 0 0', 'settings 1 0', ...frames, 'end 7 401']);
    expect(recorder.breaches).toEqual([]);
  });

  it('goes on behind a gap after a crash', async () => {
    const folder = temporaryFolder();
    makeImages(folder, '%d.png', 6);
    writeFileSync(join(folder, '2.png'), 'no picture');
    const whole = (await read(folder)).recorder;
    for (const cut of [2, 3, 4]) {
      const last = whole.items[cut] as { seq?: number; to?: number; time: number };
      const known = { session: 1, seq: (last.seq ?? last.to) as number, time: last.time, settings: 'one', framesUntil: last.time };
      const { recorder } = await read(folder, { parts: goesOn(known) });
      expect(recorder.story).toEqual(whole.story.slice(cut + 1));
    }
  });

  it('that is empty says what it lacks', async () => {
    const clock = new ManualClock();
    const folder = temporaryFolder();
    const connector = createConnector(camera(pathToFileURL(folder).href), parts(new Recorder(), { clock }));
    connector.start();
    await clock.isWaitedFor();
    expect(connector.status().detail).toBe(`The folder "${folder}" holds no .png, .jpg or .jpeg file.`);
    await connector.stop('shutdown');
  });
});

describe('settings that change while it runs', () => {
  it('stand before the frames that they judge', async () => {
    const recorder = new Recorder();
    const path = makeClip(temporaryFolder(), 'clip.mp4', { fps: 10 });
    const connector = createConnector(camera(pathToFileURL(path).href), parts(recorder));
    connector.start();
    await recorder.until(({ frames }) => frames.length === 1);
    connector.applySettings({ hash: 'two', settings: { fps: 10, changed: true } });
    await recorder.until(ended);
    await connector.stop('shutdown');
    expect(recorder.marksOf('settings').map(({ hash }) => hash)).toEqual(['one', 'two']);
    const change = recorder.items.findIndex((item) => item.type === 'mark' && item.hash === 'two');
    for (const [i, item] of recorder.items.entries()) if (item.type === 'frame') expect(item.settings).toBe(i < change ? 'one' : 'two');
    expect(recorder.breaches).toEqual([]);
  });
});

describe('a recording that is removed', () => {
  it('ends with a mark', async () => {
    const recorder = new Recorder();
    const path = makeClip(temporaryFolder(), 'clip.mp4', { seconds: 3 });
    const connector = createConnector(camera(pathToFileURL(path).href), parts(recorder));
    connector.start();
    await recorder.until(({ frames }) => frames.length === 3);
    recorder.shut();
    await connector.stop('removed');
    expect(recorder.marks.at(-1)).toMatchObject({ mark: 'end', detail: 'the camera was removed' });
    expect(connector.status().state).toBe('disabled');
    expect(recorder.breaches).toEqual([]);
  });
});

async function readUntilStatus(path: string, more: Partial<ConnectorParts>) {
  const recorder = new Recorder();
  const { promise, resolve } = Promise.withResolvers<void>();
  const given = parts(recorder, more);
  const connector = createConnector(camera(pathToFileURL(path).href), {
    ...given,
    onStatus: (status) => {
      given.statuses.push(status);
      if (status.state === 'ended') resolve();
    },
  });
  connector.start();
  await promise;
  await connector.stop('shutdown');
  return { recorder, given };
}

/** A clock on which waiting takes no time. */
function impatient(): ManualClock {
  const clock = new ManualClock();
  clock.after = (_delayMs, callback) => {
    const timer = setImmediate(callback);
    return () => clearImmediate(timer);
  };
  return clock;
}
