import { globSync, readFileSync, statSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import type { TracksRecord } from '../../../engine/records/record.ts';
import { CHROMIUM } from '../../requirements.ts';

const WEB = fileURLToPath(new URL('../../../ui/web/', import.meta.url));

/** The application as a user gets it, built from what is here now; what `npm ci` built is taken as it is, since others may be reading it. */
export async function buildApplication(): Promise<void> {
  if (!isBuilt()) await build({ configFile: `${WEB}vite.config.ts`, logLevel: 'error' });
}

function isBuilt(): boolean {
  const builtMs = statSync(`${WEB}dist/index.html`, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const sources = globSync(['{src,styles,public}/**/*.*', '*.*', '../protocol.ts', '../../engine/records/*.ts'], { cwd: WEB });
  return sources.every((source) => statSync(`${WEB}${source}`).mtimeMs < builtMs);
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
  /** When it was captured, by the server's clock. */
  readonly captured: number;
  /** The age that stands beside the picture, in its words. */
  readonly ageText: string;
  /** By how much the page says that its age may be wrong; null before it knows the server's clock. */
  readonly ageErrorMs: number | null;
  /** When it was drawn: by the machine's clock, and by the page's own. */
  readonly atMs: number;
  readonly pageMs: number;
}

/** A tile fell silent, by the page's own clock. */
export interface FellSilent {
  readonly camera: string;
  readonly pageMs: number;
  /** How late the page's own timers were since the picture before, at most: its pace, which is not ours to judge. */
  readonly lateMs: number;
}

/** Notes every picture that the page draws, and every tile that falls silent, from the moment it is opened. */
export async function noteDrawn(page: Page): Promise<void> {
  const barcode = readFileSync(new URL('../../../demo/cameras/barcode.ts', import.meta.url), 'utf8');
  const script = stripTypeScriptTypes(barcode).replace(/^export /gm, '');
  await page.addInitScript({ content: `(() => { ${script}; ${NOTE} })()` });
}

const NOTE = `
  window.drawnPictures = [];
  window.fellSilent = [];
  // Both clocks in one moment: a page that was held up between the two readings reads again.
  const wallOf = (pageMs) => {
    for (;;) {
      const before = performance.now();
      const wallMs = Date.now();
      if (performance.now() - before < 2) return wallMs - (before - pageMs);
    }
  };
  addEventListener('drawn', ({ target, detail }) => {
    const { pageMs } = detail;
    const atMs = wallOf(pageMs);
    const canvas = target.querySelector('.picture');
    const { width, height } = canvas;
    const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
    window.drawnPictures.push({
      camera: target.dataset.camera,
      code: readBarcode({ pixels: data, width, height, format: 'rgba' }),
      objects: detail.objects,
      captured: detail.captured,
      ageText: (target.closest('.tile, .camera-main').querySelector('.age') || {}).textContent,
      ageErrorMs: detail.ageErrorMs ?? null,
      atMs,
      pageMs,
    });
  });
  const TICK_MS = 50;
  const late = [];
  let tickedMs = performance.now();
  setInterval(() => {
    const now = performance.now();
    late.push({ now, lateMs: now - tickedMs - TICK_MS });
    tickedMs = now;
  }, TICK_MS);
  new MutationObserver((changes) => {
    for (const { target } of changes) {
      if (!target.matches('.stage[data-silent="true"]')) continue;
      const camera = target.dataset.camera;
      const pageMs = performance.now();
      const since = window.drawnPictures.findLast((drawn) => drawn.camera === camera)?.pageMs ?? 0;
      const lateMs = Math.max(0, pageMs - tickedMs - TICK_MS, ...late.filter(({ now }) => now > since).map(({ lateMs }) => lateMs));
      window.fellSilent.push({ camera, pageMs, lateMs });
    }
  }).observe(document, { subtree: true, attributeFilter: ['data-silent'] });`;

export function drawnPictures(page: Page): Promise<DrawnPicture[]> {
  return page.evaluate('window.drawnPictures');
}

export function fellSilent(page: Page): Promise<FellSilent[]> {
  return page.evaluate('window.fellSilent');
}

/** What axe-core finds that keeps people out, as "rule: selectors"; of these rules, or of all. */
export async function seriousFindings(page: Page, rules?: readonly string[]): Promise<string[]> {
  if (!(await page.evaluate('"axe" in window')))
    await page.evaluate(readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8'));
  const options = JSON.stringify({ resultTypes: ['violations'], ...(rules === undefined ? {} : { runOnly: rules }) });
  const findings: { id: string; impact: string; nodes: { target: string[] }[] }[] = await page.evaluate(
    `axe.run(document, ${options}).then(({ violations }) => violations.map(({ id, impact, nodes }) => ({ id, impact, nodes: nodes.map(({ target }) => ({ target })) })))`,
  );
  return findings
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
}
