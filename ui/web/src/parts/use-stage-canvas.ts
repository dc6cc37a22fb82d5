import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useApp } from '../app-context.ts';
import type { LiveStage } from '../live/live.ts';
import { onLook } from '../live/looks.ts';
import type { StageSize } from '../live/messages.ts';

interface StageCanvasOptions {
  readonly box: RefObject<HTMLDivElement | null>;
  /** Another element for another camera: a canvas is given away once. */
  readonly canvas: RefObject<HTMLCanvasElement | null>;
  readonly camera: string;
  readonly withRecord: boolean;
  readonly silent: boolean;
}

/** Gives the canvas to whoever draws, and tells its size and whether its picture is still live. */
export function useStageCanvas({ box, canvas, camera, withRecord, silent }: StageCanvasOptions): void {
  const { live } = useApp();
  const stage = useRef<LiveStage | undefined>(undefined);
  useEffect(() => {
    if (box.current === null || canvas.current === null) return;
    const given = live.stage(canvas.current, camera, withRecord);
    stage.current = given;
    const endSizing = onSize(box.current, (size) => given.resize(size));
    return () => {
      endSizing();
      given.remove();
    };
  }, [camera]);
  useEffect(() => {
    if (silent) stage.current?.dim();
  }, [silent, camera]);
}

/** Calls back with the size of an element, now and when it changes; a window that is moved to another screen changes the ratio alone. */
function onSize(element: HTMLElement, told: (size: StageSize) => void): () => void {
  let size: StageSize = { width: 0, height: 0, ratio: devicePixelRatio };
  const sizing = new ResizeObserver(([entry]) => {
    if (entry === undefined) return;
    size = { width: entry.contentRect.width, height: entry.contentRect.height, ratio: devicePixelRatio };
    told(size);
  });
  const endLooking = onLook(() => {
    if (size.ratio === devicePixelRatio) return;
    size = { ...size, ratio: devicePixelRatio };
    told(size);
  });
  sizing.observe(element);
  return () => {
    sizing.disconnect();
    endLooking();
  };
}
