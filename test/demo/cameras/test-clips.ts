import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { barcodeClip } from '../../../demo/cameras/barcode-clip.ts';
import { FFMPEG_BUILDS } from './ffmpeg-builds.ts';

const [{ path: ffmpeg }] = FFMPEG_BUILDS;

/** What a test clip looks like. Key frames every second. */
export interface TestClip {
  readonly size: string;
  readonly seconds: number;
  readonly fps?: number;
  /** An ffmpeg source other than the moving test card. */
  readonly source?: string;
  /** Further options of the encoder. */
  readonly encoder?: readonly string[];
}

/** A folder for the test file that asks, gone when its tests are over. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ocelli-cameras-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** Encodes a clip into the folder and answers with its path. */
export function makeClip(folder: string, name: string, { size, seconds, fps = 15, source = 'testsrc2', encoder = [] }: TestClip): string {
  const file = join(folder, `${name}.mp4`);
  const input = ['-f', 'lavfi', '-i', `${source}=size=${size}:rate=${fps}:duration=${seconds}`];
  const coding = [
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-pix_fmt',
    'yuv420p',
    '-bf',
    '0',
    '-g',
    `${fps}`,
    '-flags',
    '+cgop',
    ...encoder,
  ];
  execFileSync(ffmpeg, ['-y', '-loglevel', 'error', ...input, ...coding, file]);
  return file;
}

/** The same, each frame with its index as a bar code. */
export function makeNumberedClip(folder: string, name: string, clip: TestClip): Promise<string> {
  return barcodeClip({ source: makeClip(folder, `${name}-plain`, clip), folder, ffmpeg });
}
