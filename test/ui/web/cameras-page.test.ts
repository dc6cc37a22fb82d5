import { readFileSync, writeFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cameras, serveCameras } from '../../../demo/cameras/index.ts';
import { SiteFolder, type SiteProcess } from '../../end-to-end/site-process.ts';
import { testClip } from '../../end-to-end/test-clips.ts';
import { has } from '../../requirements.ts';
import { buildApplication, openBrowser, seriousFindings } from './browser.ts';

const MODEL = `${process.cwd()}/test/fixtures/models/quadrants.onnx`;
const PATIENCE_MS = 60_000;
const PASSWORD = 'page-S3cret@1';
const STORED = 'stored-S3cret-2';

describe.skipIf(!has('chromium'))('the page of cameras', { timeout: PATIENCE_MS + 30_000 }, () => {
  let cameras: Cameras;
  let site: SiteFolder;
  let running: SiteProcess;
  let browser: Browser;
  let page: Page;
  let url: string;
  let file: string;
  const heard: string[] = [];

  beforeAll(async () => {
    await buildApplication();
    const clip = testClip('testsrc2', 4);
    cameras = await serveCameras({ clips: { open: clip, shut: clip } });
    await cameras.fault('shut', { password: { scheme: 'digest', user: 'viewer', password: PASSWORD, qop: false } });
    site = new SiteFolder([]);
    file = `# Ours.\nmodel: ${MODEL}\nserver: { port: 0 }\ncameras:\n  # By the gate.\n  - id: gate\n    url: ${cameras.url('open').replace('//', `//viewer:${STORED}@`)}\n    fps: 2\n`;
    writeFileSync(site.file, file);
    running = site.runIn({ environment: { CAMERA_PASSWORD: PASSWORD } });
    url = await running.url();
    browser = await openBrowser();
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(PATIENCE_MS);
    page.on('response', (response) => void response.text().then((text) => heard.push(text), notText));
    await page.goto(`${url}/#/cameras`);
  }, 300_000);

  afterAll(async () => {
    await browser?.close();
    await running?.kill('SIGTERM');
    cameras?.close();
  });

  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const field = (label: string) => page.getByLabel(label, { exact: true });
  const focused = () => page.evaluate('document.activeElement.id || document.activeElement.textContent');
  const item = (id: string) => page.locator(`.camera-item[data-camera="${id}"]`);
  const written = () => readFileSync(site.file, 'utf8');
  /** The words that are read out with a field. */
  const problemOf = (name: string) =>
    page.evaluate(
      `document.getElementById(document.querySelector('[name="${name}"][aria-invalid="true"]').getAttribute('aria-describedby')).textContent`,
    );

  it('adds a camera after its picture was seen, and says at the field what is wrong before that', async () => {
    await button('Add a camera').click();
    await page.locator('#camera-id:focus').waitFor();
    await field('Name').fill('a b');
    await field('Address').fill(`rtsp://viewer:wrong-3@${new URL(cameras.url('shut')).host}/shut`);
    await field('Looked at').fill('0');
    await button('Add camera').click();
    await page.locator('#camera-id-problem').waitFor();
    await page.locator('#camera-id:focus').waitFor();
    expect(await problemOf('fps')).toBe('Expected at least 0.1; got 0.');
    expect(await problemOf('id')).toMatch(/Expected 1 to 64 letters.*got "a b"/);
    expect([await field('Address').inputValue(), await field('User').inputValue()]).toEqual([cameras.url('shut'), 'viewer']);

    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('dock');
    expect([await focused(), await field('Name').inputValue()]).toEqual(['camera-id', 'dock']);
    await button('Try it').click();
    await page.locator('#camera-password-problem').waitFor();
    expect(await problemOf('password')).toMatch(/wrong user or password/);
    await page.locator('#camera-password:focus').waitFor();
    expect(written()).toBe(file);

    await field('Looked at').fill('10');
    await field('Password').fill('${CAMERA_PASSWORD}');
    await button('Try it').click();
    await page.getByRole('img', { name: 'What the camera sees' }).waitFor();
    await page.getByText(/^h264 · 960 × 540/).waitFor();
    await button('Add camera').click();
    await page.getByText('dock was added.').waitFor();
    await item('dock').getByText('Running').waitFor();
    const address = cameras.url('shut').replace('//', '//viewer:${CAMERA_PASSWORD}@');
    expect(written()).toBe(`${file}  - id: dock\n    url: ${address}\n`);
  });

  it('changes a camera without knowing its password', async () => {
    await button('Change gate').click();
    await page.getByText('Stored, and not shown.').waitFor();
    await field('Looked at').fill('400');
    await button('Save changes').click();
    await page.locator('#camera-fps-problem').waitFor();
    expect(await problemOf('fps')).toBe('Expected at most 60; got 400.');
    await field('Looked at').fill('3');
    await button('Save changes').click();
    await page.getByText('gate was changed.').waitFor();
    expect(written()).toContain(`${STORED}@${new URL(cameras.url('open')).host}/open\n    fps: 3\n`);
  });

  it('does not overwrite what somebody else wrote meanwhile, and keeps what was typed', async () => {
    await button('Change gate').click();
    await field('Looked at').fill('4');
    const readAgain = page.waitForResponse(`${url}/api/cameras`);
    writeFileSync(site.file, `${written()}    freshness: 400\n# by hand\n`);
    await readAgain; // Behind the form: it must not pass for what was seen when the form was opened.
    await button('Save changes').click();
    await page.getByRole('alert').getByText('was changed by somebody else').waitFor();
    expect(await field('Looked at').inputValue()).toBe('4');
    await button('Save changes').click();
    await page.getByText('gate was changed.').waitFor();
    expect(written()).toMatch(/ {4}fps: 4\n[\s\S]*# by hand\n$/);
  });

  it('asks before a camera is disabled or removed, and says what is lost and kept; by keyboard alone', async () => {
    await button('Disable gate').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Disable gate?' }).getByText('Its settings and everything that was recorded.').waitFor();
    await page.locator('button:focus', { hasText: 'Cancel' }).waitFor();
    await page.keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });
    await page.locator('button:focus', { hasText: 'Disable' }).waitFor();
    expect(written()).not.toContain('enabled');
    await page.keyboard.press('Enter');
    await page.locator('dialog button:focus', { hasText: 'Cancel' }).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await item('gate').getByText('Disabled').waitFor();
    expect(written()).toContain('    enabled: false\n');
    await button('Enable gate').click();
    await item('gate').getByText('Running').waitFor();

    await button('Remove gate').click();
    await button('Cancel').click();
    await page.locator('button:focus', { hasText: 'Remove' }).waitFor();
    await button('Remove gate').click();
    await page.getByRole('dialog', { name: 'Remove gate?' }).getByText('What was recorded stays').waitFor();
    await button('Remove').click();
    await item('gate').waitFor({ state: 'detached' });
    await page.getByText('gate was removed.').waitFor();
    expect(written()).not.toContain('gate');
  });

  it('keeps what is typed when Escape is pressed, and has nothing that axe-core finds serious, nor anything wider than a telephone', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await button('Add a camera').click();
      await field('Name').fill('?');
      await page.getByText('More settings').click();
      await button('Add camera').focus();
      await page.keyboard.press('Escape');
      await button('Add camera').click();
      await page.locator('#camera-url-problem').waitFor();
      await page.setViewportSize({ width: 360, height: 740 });
      expect([colorScheme, await seriousFindings(page)]).toEqual([colorScheme, []]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
      await button('Cancel').click();
    }
  });

  it('says why nothing can be changed', async () => {
    writeFileSync(site.file, written().replace('url:', 'ulr:'));
    await page.reload();
    await page.getByText(/The configuration file has mistakes[\s\S]*did you mean "url"\?/).waitFor();
    expect(await page.getByRole('button', { name: /^(Add|Change|Disable|Remove)/ }).count()).toBe(0);
  });

  it('was told no password by the server', () => {
    expect(heard.join('\n')).toContain('***');
    expect([PASSWORD, encodeURIComponent(PASSWORD), STORED].filter((secret) => heard.join('\n').includes(secret))).toEqual([]);
  });
});

/** The answer to an upgrade has no body, and one that is cut off by a new page none any more. */
function notText(): void {}
