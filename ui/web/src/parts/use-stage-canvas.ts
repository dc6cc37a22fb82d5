import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useApp } from '../app-context.ts';
import type { LiveStage } from '../live/live.ts';

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
    const sizing = new ResizeObserver(([entry]) => {
      if (entry === undefined) return;
      const { width, height } = entry.contentRect;
      given.resize({ width, height, ratio: devicePixelRatio });
    });
    sizing.observe(box.current);
    return () => {
      sizing.disconnect();
      given.remove();
    };
  }, [camera]);
  useEffect(() => {
    if (silent) stage.current?.dim();
  }, [silent, camera]);
}
