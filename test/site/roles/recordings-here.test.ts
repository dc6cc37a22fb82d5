import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import type { CameraSettings } from '../../../engine/config/camera-settings.ts';
import { configurationSchema } from '../../../engine/config/configuration.ts';
import { resolveCameras } from '../../../engine/config/resolve-cameras.ts';
import { RecordingsHere } from '../../../site/recordings-here.ts';
import { ManualClock } from '../../manual-clock.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

let folder: string;
let clock: ManualClock;
let here: RecordingsHere;
let cameras: CameraSettings[];

beforeEach(() => {
  folder = temporaryFolder();
  clock = new ManualClock();
  here = new RecordingsHere(clock);
  writeFileSync(join(folder, 'line-a.mp4'), 'a video');
  const entries = [...['line-a', 'line-b'].map((id) => ({ id, url: `file:${id}.mp4` })), { id: 'dock-1', url: 'rtsp://192.0.2.1/1' }];
  cameras = resolveCameras(configurationSchema({}, join(folder, 'ocelli.yaml')).parse({ cameras: entries }));
});

it('names the recordings that are not there, and why', async () => {
  await here.look(cameras, new Set());
  expect(here.missing).toEqual(['line-b']);
  expect(here.status('line-b')).toMatchObject({ camera: 'line-b', state: 'backing-off', cause: 'not-found', since: clock.now(), fps: 0 });
  expect(here.status('line-b')?.detail).toContain(join(folder, 'line-b.mp4'));
  expect(here.status('line-a')).toBeUndefined();
});

it('looks again every five seconds, and says since when one was missing', async () => {
  await here.look(cameras, new Set());
  const since = clock.now();
  clock.advance(5_000);
  await here.look(cameras, new Set());
  expect(here.status('line-b')?.since).toBe(since);
  writeFileSync(join(folder, 'line-b.mp4'), 'a video');
  clock.advance(4_999);
  await here.look(cameras, new Set());
  expect(here.missing).toEqual(['line-b']);
  clock.advance(1);
  await here.look(cameras, new Set());
  expect(here.missing).toEqual([]);
});

it('leaves recordings alone that are being read', async () => {
  rmSync(join(folder, 'line-a.mp4'));
  await here.look(cameras, new Set(['line-a']));
  expect(here.missing).toEqual(['line-b']);
});
