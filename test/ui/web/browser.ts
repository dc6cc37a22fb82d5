import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import type { TracksRecord } from '../../../engine/records/record.ts';

const CHROMIUM = '/usr/bin/chromium';

/** The application as a user gets it, built from what is here now. */
export async function buildApplication(): Promise<void> {
  await build({ configFile: fileURLToPath(new URL('../../../ui/web/vite.config.ts', import.meta.url)), logLevel: 'error' });
}

export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'] });
}

/** A picture as it was drawn: what the page itself shows, and the number that is read back from its pixels. */
export interface DrawnPicture {
  readonly camera: string;
  /** The bar code in the drawn pixels; null where it cannot be read. */
  readonly code: number | null;
  /** What boxes were drawn of. */
  readonly objects: TracksRecord['objects'];
  /** Event time of the record: when the packet of the picture arrived. */
  readonly time: number;
  /** The age that stands beside the picture, in its words. */
  readonly ageText: string;
  /** When it was drawn, by the machine's clock. */
  readonly atMs: number;
}

/** Notes every picture that the page draws, from the moment it is opened. */
export async function noteDrawn(page: Page): Promise<void> {
  const barcode = readFileSync(new URL('../../../demo/cameras/barcode.ts', import.meta.url), 'utf8');
  const script = stripTypeScriptTypes(barcode).replace(/^export /gm, '');
  await page.addInitScript({ content: `(() => { ${script}; ${NOTE} })()` });
}

const NOTE = `
  window.drawnPictures = [];
  addEventListener('drawn', ({ target, detail }) => {
    const atMs = Date.now();
    const canvas = target.querySelector('.picture');
    const { width, height } = canvas;
    const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
    window.drawnPictures.push({
      camera: target.dataset.camera,
      code: readBarcode({ pixels: data, width, height, format: 'rgba' }),
      objects: detail.objects,
      time: detail.record.time,
      ageText: (target.closest('.tile, .camera-main').querySelector('.age') || {}).textContent,
      atMs,
    });
  });`;

export function drawnPictures(page: Page): Promise<DrawnPicture[]> {
  return page.evaluate('window.drawnPictures');
}

/** What axe-core finds that keeps people out, as "rule: selectors". */
export async function seriousFindings(page: Page): Promise<string[]> {
  const source = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
  await page.evaluate(source);
  const findings: { id: string; impact: string; nodes: { target: string[] }[] }[] = await page.evaluate(
    'axe.run(document).then(({ violations }) => violations.map(({ id, impact, nodes }) => ({ id, impact, nodes: nodes.map(({ target }) => ({ target })) })))',
  );
  return findings
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
}
