import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clusterAnswer } from '../../../site/cluster-answer.ts';
import type { ClusterAnswer } from '../../../ui/cluster.ts';
import { has } from '../../requirements.ts';
import { clusterView } from '../../site/cluster-view.ts';
import { LiveHarness } from '../server/live-harness.ts';
import { buildApplication, openBrowser, seriousFindings } from './browser.ts';

const LIMIT_MS = 120_000;

describe.skipIf(!has('chromium'))('the page of the cluster', { timeout: LIMIT_MS }, () => {
  let harness: LiveHarness;
  let browser: Browser;
  let page: Page;
  let url: string;

  beforeAll(async () => {
    await buildApplication();
    harness = await LiveHarness.open();
    url = new URL('/#/cluster', (await harness.fetch('/health/live')).url).href;
    browser = await openBrowser();
  }, 300_000);
  afterAll(async () => {
    await browser?.close();
    await harness?.close();
  });

  /** The page as it shows this answer. */
  async function open(answer: ClusterAnswer, look: Parameters<Browser['newPage']>[0] = {}): Promise<void> {
    await page?.close();
    page = await browser.newPage({ viewport: { width: 1280, height: 800 }, ...look });
    await page.route('**/api/cluster', (route) => route.fulfill({ json: answer }));
    await page.goto(url);
    await page.locator('.flow').waitFor();
  }

  it('shows who works on what in the order of the flow, and what waits', async () => {
    await open(clusterAnswer(clusterView()));
    expect(await page.locator('.flow > section').evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')))).toEqual([
      'Connect',
      'Detect',
      'Analyse',
      'Serve',
      'Stores',
    ]);
    const work = (role: string) => page.getByRole('region', { name: role }).locator('.member .work').innerText();
    expect(await work('Connect')).toBe('dock-1');
    expect(await work('Detect')).toBe('9.8 frames/s\npartition 0');
    expect(await work('Serve')).toBe('1 viewer');
    const cells = await page.locator('.partitions tbody tr').first().locator('th, td').allInnerTexts();
    expect(cells).toEqual(['0', 'dock-1', '1 at edge-2 · 80', '0 at edge-2 · 80', '88.2K', '4']);
    expect(await page.locator('.all-well').innerText()).toBe(
      '2 processes, 1 camera: every camera is watched, every partition is analysed.',
    );
  });

  it('says first what needs a look', async () => {
    await open(clusterAnswer(clusterView({ members: new Map([['edge-9-1-abcdef', undefined]]), holders: new Map() })));
    expect(await page.locator('.concerns li').allInnerTexts()).toEqual([
      'Nobody watches dock-1.',
      'Nobody analyses partition 0.',
      'Another version of Ocelli speaks at edge-9-1-abcdef.',
    ]);
  });

  it.each(['light', 'dark'] as const)('can be read by everybody and fits a narrow screen, %s', async (colorScheme) => {
    await open(clusterAnswer(clusterView({ holders: new Map(), partitions: 2 })), { colorScheme, viewport: { width: 390, height: 800 } });
    expect(await seriousFindings(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    expect(await page.evaluate('document.getElementById("main").scrollWidth <= document.getElementById("main").clientWidth')).toBe(true);
  });
});
