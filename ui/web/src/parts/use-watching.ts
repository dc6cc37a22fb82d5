import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';
import type { CameraFacts } from '../../../protocol.ts';
import { useApp } from '../app-context.ts';

const MOST_FPS = 10;
const [LEAST_WIDTH, MOST_WIDTH] = [160, 7680];

/** Asks for pictures at the size that is seen, while it is seen. */
export function useWatching(box: RefObject<HTMLDivElement | null>, { id, targetFps, viewWidth }: CameraFacts): void {
  const { watchList } = useApp();
  useEffect(() => {
    const element = box.current;
    if (element === null || viewWidth === 0) return;
    const tile = Symbol(id);
    let seen = false;
    const tell = () => {
      if (!seen) return watchList.remove(tile);
      const width = Math.min(MOST_WIDTH, Math.max(LEAST_WIDTH, Math.ceil(element.clientWidth * devicePixelRatio)));
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
