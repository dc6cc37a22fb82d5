/**
 * Age of a picture as it is drawn: from the moment at which the simulated camera sent its frame, known by the bar code that is read back
 * from the canvas's own pixels, to the animation frame that drew it; and how far the age that the page shows is from that. A real site with
 * the starter model. One camera is watched, one is not: of that no JPEG may be made.
 *
 *     node bench/live-view/age.ts [seconds] [frames a second of each camera]
 */
import { readFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { barcodeClip, type CameraStats, serveCameras } from '../../demo/cameras/index.ts';
import { SiteFolder } from '../../test/end-to-end/site-process.ts';
import { type DrawnPicture, drawnPictures, noteDrawn, openBrowser } from '../../test/ui/web/browser.ts';
import { clipOf } from '../../test/ui/web/footage.ts';
import type { HealthAnswer } from '../../ui/health.ts';
import { printCase, quantile } from '../print-case.ts';
import { printAgeParts } from './age-parts.ts';

const [WATCHED, UNWATCHED] = ['dock-1', 'line-a'];
const WARM_UP_MS = 5000;
const CLOCK_TICKS_A_SECOND = 100;

const [seconds, fps] = [Number(process.argv[2] ?? 60), Number(process.argv[3] ?? 10)];
const clip = (name: string) => barcodeClip({ source: clipOf(name), folder: '.cache/test-clips', ffmpeg: 'ffmpeg' });
const served = await serveCameras({ clips: { [WATCHED]: await clip(WATCHED), [UNWATCHED]: await clip(UNWATCHED) } });
const cameras = [WATCHED, UNWATCHED].map((id) => ({ id, url: served.url(id), fps }));
const site = new SiteFolder(cameras, { model: resolve('models/parcels') }).run();
const url = await site.url();
const browser = await openBrowser();
const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
await noteDrawn(page);
await page.goto(`${url}/#/camera/${WATCHED}`);
await page.locator('.stage[data-silent="false"]').first().waitFor();
await wait(WARM_UP_MS);
const [fromMs, cpuBefore] = [Date.now(), cpuSeconds(site.child.pid)];
await wait(seconds * 1000);
const cpuShare = (cpuSeconds(site.child.pid) - cpuBefore) / seconds / availableParallelism();
const health = (await (await fetch(new URL('/api/health', url))).json()) as HealthAnswer;
const stats = served.stats()[WATCHED] as CameraStats;
const pictures = (await drawnPictures(page)).filter(({ code, atMs }) => code !== null && atMs >= fromMs);
await browser.close();
await site.kill('SIGTERM');
served.close();

const measured = pictures.map((picture) => ({ ms: ageOf(picture, stats), shownMs: Number.parseInt(picture.ageText ?? '', 10), picture }));
const shown = measured.filter(({ picture }) => / ms$/.test(picture.ageText ?? ''));
const what = `2 cameras at ${fps} fps, one watched, ${seconds} s`;
const ages = measured.map(({ ms }) => ms);
printCase('live-view', `${what}: age as drawn, from the sending of the frame, p50`, quantile(ages, 0.5), 'ms');
printCase('live-view', `${what}: age as drawn, from the sending of the frame, p95`, quantile(ages, 0.95), 'ms');
printAgeParts(
  what,
  measured.map(({ ms, picture }) => ({ ageMs: ms, picture })),
);
printCase(
  'live-view',
  `${what}: age shown minus measured, p50`,
  quantile(
    shown.map(({ ms, shownMs }) => shownMs - ms),
    0.5,
  ),
  'ms',
);
printCase(
  'live-view',
  `${what}: age shown against measured, difference, p95`,
  quantile(
    shown.map(({ ms, shownMs }) => Math.abs(shownMs - ms)),
    0.95,
  ),
  'ms',
);
printCase('live-view', `${what}: pictures drawn, of those asked for`, pictures.length / (seconds * fps), 'share');
printCase('live-view', `${what}: processor time of the site without its ffmpeg, of all cores`, cpuShare, 'share');
printCase('live-view', 'JPEGs made of the camera that nobody watched', jpegsOf(UNWATCHED), 'pictures');
printCase('live-view', 'load of the machine over the last minute, processes that want to run', loadavg()[0] ?? 0, 'processes');
process.exit(0);

/**
 * The newest frame with this bar code that was sent when it was drawn: the clip is a loop, much longer than any age. Each viewer of a
 * camera has a schedule of its own, later than the camera's by a constant: it began at a key frame.
 */
function ageOf({ code, atMs }: DrawnPicture, { newestFrame, newestFrameMs, frames, fps: cameraFps, viewers }: CameraStats): number {
  const frameMs = 1000 / cameraFps;
  const newestMs = newestFrameMs + (viewers[0]?.delayMs ?? Number.NaN);
  const sentMs = (frame: number) => newestMs - (newestFrame - frame) * frameMs;
  const newestThen = newestFrame - Math.ceil((newestMs - atMs) / frameMs);
  const back = (((newestThen - (code as number)) % frames) + frames) % frames;
  return atMs - sentMs(newestThen - back);
}

function jpegsOf(camera: string): number {
  return health.cameras.find(({ id }) => id === camera)?.jpegs ?? Number.NaN;
}

/** User and system time of a process so far (Linux). */
function cpuSeconds(pid: number | undefined): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS_A_SECOND;
}
