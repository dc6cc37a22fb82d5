import { useEffect, useRef, useState } from 'preact/hooks';
import type { TrackedObject } from '../../../../engine/records/record.ts';
import type { CameraFacts } from '../../../protocol.ts';
import { useApp } from '../app-context.ts';
import { drawBoxes, drawPicture, type Size } from '../draw-stage.ts';
import { openAlerts } from '../live/alert-list.ts';
import { drawSchedule } from '../live/draw-schedule.ts';
import type { Feed, Shown } from '../live/feed.ts';
import { pictureAddress } from '../live/kept-pictures.ts';
import { useStore } from '../live/use-store.ts';
import { seenObjects } from '../seen-objects.ts';
import { silentAfterMs } from '../silence.ts';
import { silenceWords, unlinkedWords } from '../words.ts';

const MOST_FPS = 10;
const LOOK_EVERY_MS = 250;

/** What is told, as a `drawn` event of the stage, in the very frame in which a picture is drawn. */
export interface Drawn {
  readonly record: Shown['header']['record'];
  /** What boxes were drawn of. */
  readonly objects: readonly TrackedObject[];
  /** When it was drawn, by `performance.now()`. */
  readonly pageMs: number;
  /** Milliseconds between the capture of the picture and then; `undefined` until the server's clock is known. */
  readonly ageMs: number | undefined;
  /** By how much the age may be wrong, since the server's clock is known only so well. */
  readonly ageErrorMs: number | undefined;
  /** When it was captured, by the server's clock. */
  readonly captured: number;
}

interface Props {
  readonly camera: CameraFacts;
  readonly onDrawn: (drawn: Drawn) => void;
  /** The camera fell silent, or gives pictures again. */
  readonly onSilent: (silent: boolean) => void;
}

/** The picture of a camera with its boxes: two canvases, one over the other, drawn in one go from one message. */
export function Stage({ camera, onDrawn, onSilent }: Props) {
  const { feeds, connection, overlay } = useApp();
  const feed = feeds.of(camera.id);
  const box = useRef<HTMLDivElement>(null);
  const picture = useRef<HTMLCanvasElement>(null);
  const boxes = useRef<HTMLCanvasElement>(null);
  const silent = useSilence(feed, camera, onSilent);
  const withBoxes = useStore(overlay);
  useWatching(box, camera);
  const size = useRef<Size>({ width: 0, height: 0 });
  useEffect(() => {
    const draw = () => {
      if (feed.newest === undefined || picture.current === null || boxes.current === null) return;
      drawPicture(picture.current, feed.newest);
      const { record, captured } = feed.newest.header;
      const objects = withBoxes ? seenObjects(record) : [];
      drawBoxes(boxes.current, size.current, feed, feed.newest, objects);
      const pageMs = performance.now();
      const now = connection.clock.at(pageMs);
      const ageMs = now === undefined ? undefined : now - captured;
      const drawn = { record, objects, captured, pageMs, ageMs, ageErrorMs: connection.clock.errorMs };
      onDrawn(drawn);
      box.current?.dispatchEvent(new CustomEvent('drawn', { detail: drawn, bubbles: true }));
    };
    const ask = () => drawSchedule.ask(draw);
    const resize = new ResizeObserver(([entry]) => {
      if (entry !== undefined) size.current = entry.contentRect;
      ask();
    });
    if (box.current !== null) resize.observe(box.current);
    const end = feed.listen(ask);
    return () => {
      end();
      resize.disconnect();
      drawSchedule.forget(draw);
    };
  }, [feed, withBoxes, onDrawn]);
  return (
    <div class="stage" ref={box} data-camera={camera.id} data-silent={silent}>
      <canvas class="picture" ref={picture} />
      <canvas class="boxes" ref={boxes} />
      {silent && feed.newest === undefined && <LastPicture camera={camera.id} />}
      {silent && <SilentWords camera={camera} feed={feed} />}
    </div>
  );
}

/** What a blind camera showed last, for a page that was opened after that. */
function LastPicture({ camera }: { readonly camera: string }) {
  const { alerts, pictures } = useApp();
  const kept = useStore(pictures.pictures);
  const open = openAlerts(useStore(alerts.alerts)).find((alert) => alert.camera === camera && kept.has(alert.alert));
  return open === undefined ? null : <img class="picture" src={pictureAddress(open.alert)} alt="" />;
}

function SilentWords({ camera, feed }: { readonly camera: CameraFacts; readonly feed: Feed }) {
  const { connection } = useApp();
  const link = useStore(connection.link);
  const now = connection.clock.at(performance.now()) ?? Date.now();
  const last = feed.newest?.header.captured ?? camera.lastFrameAt;
  const { title, cause, next } = link === 'open' ? silenceWords(camera, last, now) : unlinkedWords(last);
  return (
    <div class="silence" role="status">
      <strong>{title}</strong>
      {cause !== undefined && <p>{cause}</p>}
      {next !== undefined && <p class="number">{next}</p>}
    </div>
  );
}

/** Looks a few times a second whether the newest picture is too old: what does not come calls nobody. */
function useSilence(feed: Feed, camera: CameraFacts, onSilent: (silent: boolean) => void): boolean {
  const { connection } = useApp();
  const [silent, setSilent] = useState(true);
  const limitMs = silentAfterMs(camera.targetFps);
  useEffect(() => {
    const look = () => {
      const shownMs = feed.newest === undefined ? Number.POSITIVE_INFINITY : performance.now() - feed.newest.receivedMs;
      setSilent(connection.link.value !== 'open' || shownMs > limitMs);
    };
    look();
    const timer = setInterval(look, LOOK_EVERY_MS);
    const ends = [feed.listen(look), connection.link.listen(look)];
    return () => {
      clearInterval(timer);
      for (const end of ends) end();
    };
  }, [feed, limitMs]);
  useEffect(() => onSilent(silent), [silent, onSilent]);
  return silent;
}

/** Asks for pictures at the size that is seen, while it is seen. */
function useWatching(box: { readonly current: HTMLDivElement | null }, { id, targetFps, viewWidth }: CameraFacts): void {
  const { watchList } = useApp();
  useEffect(() => {
    const element = box.current;
    if (element === null || viewWidth === 0) return;
    const tile = Symbol(id);
    let seen = false;
    const tell = () => {
      if (!seen) return watchList.remove(tile);
      const width = Math.min(7680, Math.max(160, Math.ceil(element.clientWidth * devicePixelRatio)));
      watchList.set(tile, { id, width, fps: Math.min(MOST_FPS, targetFps) });
    };
    const seeing = new IntersectionObserver(([entry]) => {
      seen = entry?.isIntersecting ?? false;
      tell();
    });
    const sizing = new ResizeObserver(tell);
    seeing.observe(element);
    sizing.observe(element);
    return () => {
      seeing.disconnect();
      sizing.disconnect();
      watchList.remove(tile);
    };
  }, [id, targetFps, viewWidth]);
}
