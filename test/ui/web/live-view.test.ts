import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { barcodeClip, type Cameras, serveCameras } from '../../../demo/cameras/index.ts';
import { SiteFolder, type SiteProcess } from '../../end-to-end/site-process.ts';
import { buildApplication, type DrawnPicture, drawnPictures, noteDrawn, openBrowser, seriousFindings } from './browser.ts';
import { type Agreement, agree, clipOf, truthOf } from './footage.ts';

const NAMES = ['dock-1', 'line-a', 'table-2'] as const;
const PICTURES = 200;
/** A machine under load is slow; what is tested is that it comes, not that it comes soon. */
const PATIENCE_MS = 120_000;

describe.skipIf(!existsSync('/usr/bin/chromium'))('the live view in a browser', { timeout: PATIENCE_MS + 60_000 }, () => {
  let browser: Browser;
  let cameras: Cameras;
  let site: SiteProcess;
  let url: string;
  let page: Page;

  beforeAll(async () => {
    await buildApplication();
    const clip = (name: string) => barcodeClip({ source: clipOf(name), folder: '.cache/test-clips', ffmpeg: 'ffmpeg' });
    const clips: Record<string, string> = {};
    for (const name of NAMES) clips[name] = await clip(name);
    cameras = await serveCameras({ clips, ownPorts: true });
    const settings = { model: resolve('models/parcels') };
    const list = NAMES.map((id) => ({ id, url: cameras.ownUrl(id), fps: 5, freshness: 5000 }));
    site = new SiteFolder(list, settings).run();
    url = await site.url();
    browser = await openBrowser();
  }, 300_000);

  afterAll(async () => {
    await browser?.close();
    await site?.kill('SIGTERM');
    cameras?.close();
  });

  beforeEach(async () => {
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(PATIENCE_MS);
  });

  afterEach(() => page.close());

  const stage = (camera: string, silent?: boolean) =>
    page.locator(`.stage[data-camera="${camera}"]${silent === undefined ? '' : `[data-silent="${silent}"]`}`);
  const allLive = async () => {
    for (const name of NAMES) await stage(name, false).waitFor();
  };

  describe('on pictures that are identified by the bar code in their pixels', () => {
    let pictures: DrawnPicture[];

    it(`draws boxes that sit on their objects: recall and precision of at least 0.90 at IoU 0.5 on ${PICTURES} pictures`, async () => {
      await noteDrawn(page);
      await page.goto(url);
      await allLive();
      pictures = await readable(page, PICTURES);
      const sums = pictures.map(agreement).reduce(add);
      const figures = { recall: sums.found / sums.wanted, precision: sums.right / sums.drawn, pictures: pictures.length };
      console.log('boxes against ground truth', figures);
      expect(new Set(pictures.map(({ camera }) => camera)).size).toBe(NAMES.length);
      expect(figures.recall).toBeGreaterThanOrEqual(0.9);
      expect(figures.precision).toBeGreaterThanOrEqual(0.9);
    });

    it('shows the age of the picture as it is by the clock of the machine, within 50 ms', () => {
      const shown = pictures.filter(({ ageText }) => / ms$/.test(ageText));
      const differences = shown.map(({ ageText, atMs, time }) => Math.abs(Number.parseInt(ageText, 10) - (atMs - time)));
      expect(differences.length).toBeGreaterThan(PICTURES / 2);
      expect(Math.max(...differences)).toBeLessThanOrEqual(50);
    });
  });

  it('has names, contrast and order that axe-core finds nothing serious in, on every page and in both themes', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      for (const hash of ['#/', '#/camera/dock-1', '#/alerts', '#/health', '#/cameras']) {
        await page.goto(`${url}/${hash}`);
        await page.locator('main h1').first().waitFor({ state: 'attached' });
        expect([colorScheme, hash, await seriousFindings(page)]).toEqual([colorScheme, hash, []]);
      }
    }
  });

  it('can be walked by keyboard alone', async () => {
    await page.goto(url);
    await page.locator('.tile-link').first().waitFor();
    const focused = () => page.evaluate('document.activeElement.getAttribute("href") || document.activeElement.tagName');
    for (let count = 0; count < 12 && (await focused()) !== '#/camera/dock-1'; count += 1) await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowRight');
    expect(await focused()).toBe('#/camera/line-a');
    await page.keyboard.press('Enter');
    await page.locator('.camera-page h1', { hasText: 'line-a' }).waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.wall').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('table');
    await page.keyboard.press('Enter');
    await page.locator('.camera-page h1', { hasText: 'table-2' }).waitFor();
    await page.keyboard.press('?');
    await page.locator('dialog', { hasText: 'Full screen' }).waitFor();
    await page.keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });
    expect(page.url()).toContain('#/camera/table-2');
  });

  it('fits a telephone: nothing is wider than the screen', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    for (const hash of ['#/', '#/camera/dock-1', '#/alerts', '#/health', '#/cameras']) {
      await page.goto(`${url}/${hash}`);
      await page.locator('main h1').first().waitFor({ state: 'attached' });
      expect([hash, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([hash, 360]);
    }
  });

  it('loads nothing from elsewhere', async () => {
    const hosts = new Set<string>();
    page.on('request', (request) => hosts.add(new URL(request.url()).host));
    await page.goto(url);
    await stage('dock-1').waitFor();
    expect([...hosts].filter((host) => host !== '' && host !== new URL(url).host)).toEqual([]);
  });

  describe('when a camera fails', () => {
    afterEach(async () => {
      for (const name of NAMES) await cameras.fault(name, { freeze: false, refuse: false });
    });

    it('turns a frozen picture grey within the time, and says since when', async () => {
      await page.goto(url);
      await stage('dock-1', false).waitFor();
      await cameras.fault('dock-1', { freeze: true });
      await stage('dock-1', true)
        .locator('strong', { hasText: /^No picture since \d\d:\d\d:\d\d$/ })
        .waitFor();
    });

    it('says that a camera refuses the connection, and when it is tried again', async () => {
      await page.goto(url);
      await stage('line-a', false).waitFor();
      await cameras.fault('line-a', { refuse: true, disconnect: 'reset' });
      await stage('line-a', true)
        .getByText(/refuse/i)
        .waitFor();
      await stage('line-a', true)
        .getByText(/Next try in|Trying again/)
        .waitFor();
    });

    it('goes on by itself when a dropped camera comes back', async () => {
      await page.goto(url);
      await stage('table-2', false).waitFor();
      await cameras.fault('table-2', { disconnect: 'close' });
      await stage('table-2', true).waitFor();
      await stage('table-2', false).waitFor();
    });
  });

  it('turns everything grey when the server is gone', async () => {
    await page.goto(url);
    await page.locator('.stage').first().waitFor();
    await site.kill('SIGKILL');
    await page.getByText('The server does not answer; nothing on this page is live.').waitFor();
    await page.locator('.stage[data-silent="false"]').waitFor({ state: 'detached' });
  });
});

/** Waits until so many pictures with a number that can be read were drawn. */
async function readable(page: Page, count: number): Promise<DrawnPicture[]> {
  const drawn = async () => (await drawnPictures(page)).filter(({ code }) => code !== null);
  await expect.poll(async () => (await drawn()).length, { timeout: PATIENCE_MS, interval: 1000 }).toBeGreaterThanOrEqual(count);
  return drawn();
}

function agreement({ camera, code, objects }: DrawnPicture): Agreement {
  const truth = truthOf(camera).objects[code as number] ?? [];
  return agree(
    truth,
    objects.map(({ box }) => box),
  );
}

function add(a: Agreement, b: Agreement): Agreement {
  return { wanted: a.wanted + b.wanted, found: a.found + b.found, drawn: a.drawn + b.drawn, right: a.right + b.right };
}
