import { useEffect, useRef } from 'preact/hooks';
import { useApp } from '../app-context.ts';
import type { Feed } from '../live/feed.ts';
import { ageWords } from '../words.ts';

const TICK_MS = 100;
/** Above this the number grows between pictures too. */
const TICKS_ABOVE_MS = 400;

/** Writes the age of a picture into an element, without drawing anything else anew. */
export function useAge(feed: Feed, freshnessMs: number, isLive: boolean) {
  const { connection } = useApp();
  const element = useRef<HTMLSpanElement>(null);
  const write = (ageMs: number | undefined) => {
    if (element.current === null) return;
    setText(element.current, ageMs === undefined ? '' : ageWords(ageMs));
    const late = String(isLive && ageMs !== undefined && ageMs > freshnessMs);
    if (element.current.dataset['late'] !== late) element.current.dataset['late'] = late;
  };
  useEffect(() => {
    const timer = setInterval(() => {
      const now = connection.clock.at(performance.now());
      if (now === undefined || feed.newest === undefined) return;
      if (performance.now() - feed.newest.receivedMs > TICKS_ABOVE_MS) write(now - feed.newest.header.captured);
    }, TICK_MS);
    return () => clearInterval(timer);
  });
  return { element, write };
}

/** Changes the text in its place: a new text node for every picture would be laid out anew. */
function setText(element: HTMLElement, text: string): void {
  if (element.firstChild instanceof Text) element.firstChild.data = text;
  else element.textContent = text;
}
