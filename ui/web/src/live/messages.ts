import type { TracksRecord } from '../../../../engine/records/record.ts';
import type { AlertMessage, CamerasMessage, PictureMessage, SiteMessage, Watch } from '../../../protocol.ts';

/**
 * What the page and its worker say to each other. The worker has the connection and draws; the page has everything else, and hears of
 * pictures in summaries, so that a page that is busy holds up no picture.
 *
 *   page ──▶ worker    what is to be seen, and the canvases to draw it on
 *   page ◀── worker    what the server said, and a few times a second what was drawn
 */
export type ToWorker =
  | { readonly op: 'watch'; readonly cameras: readonly Watch[] }
  /** Whether the page is seen: a hidden one watches nothing. */
  | { readonly op: 'visible'; readonly visible: boolean }
  /** Somebody signed in: no need to wait for the next attempt. */
  | { readonly op: 'connect' }
  /** Whether boxes are drawn. */
  | { readonly op: 'overlay'; readonly shown: boolean }
  | ({ readonly op: 'stage' } & NewStage)
  | ({ readonly op: 'size'; readonly stage: number } & StageSize)
  /** Its picture is no longer live: no boxes on it until the next one. */
  | { readonly op: 'dim'; readonly stage: number }
  | { readonly op: 'unstage'; readonly stage: number };

export interface NewStage {
  readonly stage: number;
  readonly camera: string;
  readonly canvas: StageCanvas;
  /** Whether the page wants to know the records of what is drawn. */
  readonly withRecord: boolean;
}

/** The element itself only where drawing stays in the page's thread. */
export type StageCanvas = OffscreenCanvas | HTMLCanvasElement;

/** In CSS pixels, and how many pixels of the screen one of them is across. */
export interface StageSize {
  readonly width: number;
  readonly height: number;
  readonly ratio: number;
}

export type FromWorker =
  | { readonly tell: 'link'; readonly link: Link }
  | { readonly tell: 'server'; readonly message: SiteMessage | CamerasMessage | AlertMessage | PictureMessage }
  /** An answer about the server's clock; times of question and answer are shared ones (`shared-time.ts`). */
  | { readonly tell: 'clock'; readonly sentMs: number; readonly receivedMs: number; readonly now: number }
  | { readonly tell: 'clock-forgotten' }
  | { readonly tell: 'drawn'; readonly pictures: readonly DrawnPicture[] };

export type Link = 'connecting' | 'open' | 'lost' | 'token-needed';

/** The newest picture of a camera that is on the screen. */
export interface DrawnPicture {
  readonly camera: string;
  /** When it was captured, by the server's clock. */
  readonly captured: number;
  /** When it came to the browser, by the shared clock. */
  readonly receivedMs: number;
  /** When it was drawn, by the shared clock. */
  readonly drawnMs: number;
  /** Milliseconds from its capture to then; `undefined` until the server's clock is known. */
  readonly ageMs: number | undefined;
  readonly record?: TracksRecord;
}
