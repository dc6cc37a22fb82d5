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

/** A picture as it was drawn: what is on its canvas, and the number that is read back from its pixels. */
export interface DrawnPicture {
  readonly camera: string;
  /** The bar code in the drawn pixels; null where it cannot be read. */
  readonly code: number | null;
  /** What boxes were drawn of. */
  readonly objects: TracksRecord['objects'];
  /** When it was captured, by the server's clock. */
  readonly captured: number;
  /** The age that then stood beside the picture, in its words; undefined for a picture that was replaced before its age was told. */
  readonly ageText?: string;
  /** By how much the page says that its age may be wrong; null before it knows the server's clock. */
  readonly ageErrorMs: number | null;
  /** When it was drawn: by the machine's clock, and by the browser's own (`shared-time.ts`). */
  readonly atMs: number;
  readonly drawnMs: number;
  /** When it had come and was decoded, by the browser's own. */
  readonly receivedMs: number;
  /** Of its record. */
  readonly timing: TracksRecord['timing'];
}

/** A tile fell silent, by the browser's own clock. */
export interface FellSilent {
  readonly camera: string;
  readonly silentMs: number;
  /** When the newest picture that the page had heard of came. */
  readonly receivedMs: number;
  /** How late the page's own timers were since the picture before, at most: its pace, which is not ours to judge. */
  readonly lateMs: number;
}

interface ToldAge {
  readonly camera: string;
  readonly drawnMs: number;
  readonly text: string;
}

/** Notes every picture that is drawn, and every tile that falls silent, from when the page is opened. */
export async function noteDrawn(page: Page): Promise<void> {
  const barcode = readFileSync(new URL('../../../demo/cameras/barcode.ts', import.meta.url), 'utf8');
  const script = stripTypeScriptTypes(barcode).replace(/^export /gm, '');
  const noteDrawing = `(() => { ${script}; ${SHARED_NOW}; ${NOTE_DRAWING} })();\n`;
  await page.addInitScript({ content: `${noteDrawing}(() => { ${SHARED_NOW}; ${NOTE_PAGE} })();` });
  page.on('worker', (worker) =>
    worker.evaluate(noteDrawing).catch((error: unknown) => {
      if (!page.isClosed()) throw error;
    }),
  );
}

const SHARED_NOW = 'const sharedNow = () => performance.timeOrigin + performance.now()';

/** Runs where pictures are drawn: in the worker, or in the page of a browser that has none. */
const NOTE_DRAWING = `
  globalThis.drawnPictures = [];
  // Both clocks in one moment: a thread that was held up between the two readings reads again.
  const wallOf = (drawnMs) => {
    for (;;) {
      const before = sharedNow();
      const wallMs = Date.now();
      if (sharedNow() - before < 2) return wallMs - (before - drawnMs);
    }
  };
  const newest = new Map();
  addEventListener('drawn', ({ detail: { camera, objects, canvas, captured, receivedMs, drawnMs, ageErrorMs, record } }) => {
    // The same picture is drawn again on a canvas of another size, and without boxes when it is no longer live.
    if (newest.get(camera) === captured) return;
    newest.set(camera, captured);
    const atMs = wallOf(drawnMs);
    const { width, height } = canvas;
    const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
    const code = readBarcode({ pixels: data, width, height, format: 'rgba' });
    drawnPictures.push({ camera, code, objects, captured, ageErrorMs: ageErrorMs ?? null, atMs, drawnMs, receivedMs, timing: record.timing });
  });`;

/** Runs in the page, which writes ages and greys what is silent. */
const NOTE_PAGE = `
  window.toldAges = [];
  window.fellSilent = [];
  const receivedMs = new Map();
  const noteTold = (pictures) => {
    for (const { camera, drawnMs, receivedMs: ms } of pictures) {
      receivedMs.set(camera, ms);
      const stage = document.querySelector('.stage[data-camera="' + camera + '"]');
      const age = stage?.closest('.tile, .camera-main').querySelector('.age');
      if (age) toldAges.push({ camera, drawnMs, text: age.textContent });
    }
  };
  // Looks at the page as soon as it has heard something, and before anything else changes it.
  window.Worker = class extends Worker {
    addEventListener(type, listener) {
      super.addEventListener(type, (event) => {
        listener(event);
        if (event.data?.tell === 'drawn') noteTold(event.data.pictures);
      });
    }
  };
  const TICK_MS = 50;
  const late = [];
  let tickedMs = sharedNow();
  setInterval(() => {
    const now = sharedNow();
    late.push({ now, lateMs: now - tickedMs - TICK_MS });
    tickedMs = now;
  }, TICK_MS);
  new MutationObserver((changes) => {
    for (const { target } of changes) {
      if (!target.matches('.stage[data-silent="true"]')) continue;
      const camera = target.dataset.camera;
      const silentMs = sharedNow();
      const since = receivedMs.get(camera) ?? 0;
      const lateMs = Math.max(0, silentMs - tickedMs - TICK_MS, ...late.filter(({ now }) => now > since).map(({ lateMs }) => lateMs));
      window.fellSilent.push({ camera, silentMs, receivedMs: since, lateMs });
    }
  }).observe(document, { subtree: true, attributeFilter: ['data-silent'] });`;

/** Nothing was noted in a worker that has just begun. */
const DRAWN = 'globalThis.drawnPictures ?? []';

export async function drawnPictures(page: Page): Promise<DrawnPicture[]> {
  const [worker] = page.workers();
  const [drawn, ages] = await Promise.all([
    (worker === undefined ? page.evaluate(DRAWN) : worker.evaluate(DRAWN)) as Promise<Omit<DrawnPicture, 'ageText'>[]>,
    page.evaluate<ToldAge[]>('toldAges'),
  ]);
  const texts = new Map(ages.map(({ camera, drawnMs, text }) => [`${camera} ${drawnMs}`, text]));
  return drawn.map((picture) => {
    const ageText = texts.get(`${picture.camera} ${picture.drawnMs}`);
    return { ...picture, ...(ageText !== undefined && { ageText }) };
  });
}

/** Resolves as soon as a condition holds that is about what was drawn, written in JavaScript about `drawnPictures`. */
export async function untilDrawn(page: Page, condition: string): Promise<void> {
  const [worker] = page.workers();
  const holds = `new Promise((holds) => {
    const look = () => { if (${condition}) holds(); };
    addEventListener('drawn', look);
    look();
  })`;
  await (worker === undefined ? page.evaluate(holds) : worker.evaluate(holds));
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
