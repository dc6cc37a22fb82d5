import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { barcodeClip, type Cameras, serveCameras } from '../../../demo/cameras/index.ts';
import type { RecordOf } from '../../../engine/records/topic.ts';
import type { CameraHistoryAnswer } from '../../../ui/history.ts';
import { BUNDLED } from '../../connectors/builds.ts';
import { firstRecord } from '../../end-to-end/followed-records.ts';
import { SiteFolder, type SiteProcess } from '../../end-to-end/site-process.ts';
import { buildApplication, noteDrawn, openBrowser } from './browser.ts';
import { clipOf } from './footage.ts';

/** Looked at so often: enough to see, little enough for a busy machine. */
const FPS = 5;

/** Simulated cameras with bar codes, a real site that watches them, and a browser. */
export class WatchedSite {
  readonly cameras: Cameras;
  readonly browser: Browser;
  readonly url: string;
  private readonly folder: SiteFolder;
  private process: SiteProcess;

  private constructor(cameras: Cameras, browser: Browser, folder: SiteFolder, url: string) {
    this.cameras = cameras;
    this.browser = browser;
    this.folder = folder;
    this.url = url;
    this.process = folder.run();
  }

  static async open(names: readonly string[]): Promise<WatchedSite> {
    const [clips, browser, port] = await Promise.all([barcodeClips(names), openBrowser(), freePort(), buildApplication()]);
    const cameras = await serveCameras({ clips, ownPorts: true });
    const list = names.map((id) => ({ id, url: cameras.ownUrl(id), fps: FPS, freshness: 5000 }));
    const folder = new SiteFolder(list, { model: resolve('models/parcels'), server: { port }, pictures: { keep: '10 MiB', days: 2 } });
    const site = new WatchedSite(cameras, browser, folder, `http://127.0.0.1:${port}`);
    await site.process.url();
    return site;
  }

  /** A page that notes what it draws. */
  async page(patienceMs: number): Promise<Page> {
    const page = await this.browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(patienceMs);
    await noteDrawn(page);
    await page.goto(this.url);
    return page;
  }

  /** What the server tells of the last ten minutes of a camera. */
  async history(camera: string): Promise<CameraHistoryAnswer> {
    return (await (await fetch(`${this.url}/api/cameras/${camera}/history`)).json()) as CameraHistoryAnswer;
  }

  /** Resolves with the first record that is what is waited for. */
  firstRecord(topic: 'tracks', isWanted: (record: RecordOf<'tracks'>) => boolean): Promise<RecordOf<'tracks'>> {
    return firstRecord(this.process, topic, isWanted);
  }

  /** The first record of a camera from a time on, milliseconds since 1970. */
  async recordAt(camera: string, time: string): Promise<RecordOf<'tracks'>> {
    return (await (await fetch(`${this.url}/api/topics/tracks?camera=${camera}&from=${time}&limit=1`)).json()) as RecordOf<'tracks'>;
  }

  async crash(): Promise<void> {
    await this.process.kill('SIGKILL');
  }

  async startAgain(): Promise<void> {
    this.process = this.folder.run();
    await this.process.url();
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.process.kill('SIGTERM');
    this.cameras.close();
  }
}

async function barcodeClips(names: readonly string[]): Promise<Record<string, string>> {
  const clips: [string, string][] = [];
  for (const name of names)
    clips.push([name, await barcodeClip({ source: clipOf(name), folder: '.cache/test-clips', ffmpeg: BUNDLED.path })]);
  return Object.fromEntries(clips);
}

/** The site must come back at the same address after a crash. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
