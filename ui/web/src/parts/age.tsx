import { useEffect, useRef } from 'preact/hooks';
import type { CameraFacts } from '../../../protocol.ts';
import { useApp } from '../app-context.ts';
import { onLook } from '../live/looks.ts';
import { sharedNow } from '../live/shared-time.ts';
import { ageWords } from '../words.ts';

/** Above this the number grows between pictures too. */
const GROWS_ABOVE_MS = 400;

/** How old the picture was when it was drawn; grows while no other comes. Written in its place, without drawing anything else anew. */
export function Age({ camera: { id, kind, freshnessMs } }: { readonly camera: CameraFacts }) {
  const { live } = useApp();
  const element = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const picture = live.picture(id);
    const write = (ageMs: number | undefined) => {
      if (element.current === null) return;
      setText(element.current, ageMs === undefined ? '' : ageWords(ageMs));
      const late = String(kind === 'live' && ageMs !== undefined && ageMs > freshnessMs);
      if (element.current.dataset['late'] !== late) element.current.dataset['late'] = late;
    };
    const grow = () => {
      const { ageMs, receivedMs = Number.POSITIVE_INFINITY, captured = 0 } = picture.value ?? {};
      if (ageMs !== undefined && sharedNow() - receivedMs > GROWS_ABOVE_MS) write(live.now - captured);
    };
    const writeNewest = () => write(picture.value?.ageMs);
    writeNewest();
    const ends = [picture.listen(writeNewest), onLook(grow)];
    return () => {
      for (const end of ends) end();
    };
  }, [id, kind, freshnessMs]);
  return <span class="age number" ref={element} title="Age of the picture: the time between its capture and now" />;
}

/** Changes the text in its place: a new text node would be laid out anew. */
function setText(element: HTMLElement, text: string): void {
  if (element.firstChild instanceof Text) element.firstChild.data = text;
  else element.textContent = text;
}
