import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type Cameras, type Order, serveCameras } from '../../demo/cameras/index.ts';
import { type Account, checkAccount } from '../../engine/records/account.ts';
import type { StreamRecord } from '../../engine/records/record.ts';
import { firstRecord, untilRecords } from '../../test/end-to-end/followed-records.ts';
import { type SiteCamera, SiteFolder, SiteProcess } from '../../test/end-to-end/site-process.ts';
import { type OtherMaker, startOtherMaker } from './other-maker.ts';

export interface Request {
  /** How long faults are ordered, in turns. */
  readonly forMs: number;
  /** An H.264 clip without B-frames: what the simulated cameras show and what the files hold. */
  readonly clip: string;
  readonly model: string;
  readonly fps: number;
}

/** What is to be judged afterwards. */
export interface Outcome {
  readonly detections: readonly StreamRecord[];
  readonly tracks: readonly StreamRecord[];
  readonly accounts: { readonly detections: Account; readonly tracks: Account };
  /** Lines of `tracks` as a reader over HTTP got them, followed from the beginning until the site ended; at least all from before that. */
  readonly overHttp: readonly string[];
  /** Lines of `tracks` as `ocelli tail --follow` got them, to the last. */
  readonly tailed: readonly string[];
  /** What `ocelli replay` makes of the exported detections, lines of `tracks`. */
  readonly replayed: readonly string[];
  readonly exit: { readonly code: number | null; readonly signal: NodeJS.Signals | null };
  readonly faults: number;
}

const SIMULATED = ['dock', 'gate', 'line', 'table'];
/** The cameras that are read to their end. */
export const RECORDINGS = ['file', 'file-in-its-time', 'images'];
const FAULTS: readonly Order[] = [
  { disconnect: 'reset' },
  { burstMs: 3000 },
  { corrupt: { rate: 0.05, seed: 7 } },
  { freeze: true },
  { refuse: true, disconnect: 'close' },
  { clockJumpMs: 60_000 },
  { speed: 3 },
];
const RIGHT_AGAIN: Order = { corrupt: null, freeze: false, refuse: false, speed: 1 };
const FAULT_MS = 4000;
const IMAGES = 40;

/**
 * Runs a real site over everything that it can watch at once: RTSP from our cameras and from another maker's server, files, a folder of
 * images; orders a fault every few seconds, and reads along in two ways.
 */
export async function everythingAtOnce({ forMs, clip, model, fps }: Request): Promise<Outcome> {
  const served = await serveCameras({ clips: Object.fromEntries(SIMULATED.map((name) => [name, clip])) });
  const other = await startOtherMaker({ width: 640, height: 360, fps: 10 });
  const site = new SiteFolder([], { model });
  const cameras = [...liveCameras(served, other, fps), ...recordings(site.folder, clip, fps)];
  site.configure(cameras, { model });
  try {
    const running = site.run();
    const reader = new HttpReader();
    const following = reader.follow(await running.url());
    const tail = new SiteProcess(['tail', 'tracks', '--from', 'beginning', '--follow', '-c', site.file]);
    const begun = new Set<string>();
    await firstRecord(running, 'detections', ({ camera }) => begun.add(camera).size === cameras.length);
    const faults = await orderFaults(served, other, forMs);
    await untilRecords(running, 'detections', RECORDINGS.length, (record) => record.type === 'mark' && record.mark === 'end');
    await reader.until((await site.records('tracks')).length);
    await running.kill('SIGTERM');
    await following;
    const tracks = await site.records('tracks');
    await tail.says(new RegExp(`"id":"${tracks.at(-1)?.id}".*\n`));
    await tail.kill('SIGTERM');
    const detections = await site.records('detections');
    return {
      detections,
      tracks,
      accounts: { detections: checkAccount(detections, { topic: 'detections' }), tracks: checkAccount(tracks, { topic: 'tracks' }) },
      overHttp: reader.lines,
      tailed: linesOf(tail.output),
      replayed: await replay(site, detections),
      exit: await running.exited,
      faults,
    };
  } finally {
    served.close();
    other.kill();
  }
}

function liveCameras(served: Cameras, other: OtherMaker, fps: number): SiteCamera[] {
  const ours = served.names.map((id) => ({ id, url: served.url(id), fps, freshness: 2000 }));
  return [...ours, { id: 'other-maker', url: other.url, fps, freshness: 2000 }];
}

function recordings(folder: string, clip: string, fps: number): SiteCamera[] {
  const images = join(folder, 'images');
  mkdirSync(images);
  execFileSync('ffmpeg', ['-v', 'error', '-i', clip, '-frames:v', String(IMAGES), '-vf', 'scale=640:-2', join(images, '%d.jpg')]);
  return [
    { id: 'file', url: `file:${clip}`, fps },
    { id: 'file-in-its-time', url: `file:${clip}`, fps, pace: 'real-time' },
    { id: 'images', url: `file:${images}`, fps },
  ];
}

/** One fault at a time, each on the next camera, each put right again. @returns how many. */
async function orderFaults(served: Cameras, other: OtherMaker, forMs: number): Promise<number> {
  const endMs = performance.now() + forMs;
  let faults = 0;
  for (; performance.now() < endMs; faults += 1) {
    const camera = SIMULATED[faults % SIMULATED.length] as string;
    await served.fault(camera, FAULTS[faults % FAULTS.length] as Order);
    await wait(FAULT_MS);
    await served.fault(camera, RIGHT_AGAIN);
  }
  other.kill();
  await wait(FAULT_MS);
  return faults + 1;
}

/** Reads along over HTTP until the server hangs up, which it does when the site ends. */
class HttpReader {
  readonly lines: string[] = [];
  private wake = () => {};

  /** Resolves when it has so many lines. */
  async until(lines: number): Promise<void> {
    while (this.lines.length < lines)
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
  }

  async follow(url: string): Promise<void> {
    const answer = await fetch(`${url}/api/topics/tracks?from=beginning&follow=true`);
    const text = (answer.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream());
    let rest = '';
    try {
      for await (const chunk of text) {
        const parts = (rest + chunk).split('\n');
        rest = parts.pop() ?? '';
        this.lines.push(...parts);
        this.wake();
      }
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // That is how `fetch` tells that the other side is gone.
    }
  }
}

async function replay(site: SiteFolder, detections: readonly StreamRecord[]): Promise<string[]> {
  const exported = join(site.folder, 'detections.ndjson');
  writeFileSync(exported, detections.map((record) => `${JSON.stringify(record)}\n`).join(''));
  const replaying = new SiteProcess(['replay', exported, '--topic', 'tracks', '-c', site.file]);
  await replaying.exited;
  return linesOf(replaying.output);
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}
