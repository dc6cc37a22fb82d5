import { useEffect, useRef, useState } from 'preact/hooks';
import type { CameraFacts } from '../../../protocol.ts';
import { useApp } from '../app-context.ts';
import { onLook } from '../live/looks.ts';
import { sharedNow } from '../live/shared-time.ts';
import { silentAfterMs } from '../silence.ts';
import { LastPicture, SilentWords } from './silent-stage.tsx';
import { useStageCanvas } from './use-stage-canvas.ts';
import { useWatching } from './use-watching.ts';

interface Props {
  readonly camera: CameraFacts;
  /** Whether the records of its pictures are needed: they then come with what is known of what is drawn. */
  readonly withRecord?: boolean;
  /** The camera fell silent, or gives pictures again. */
  readonly onSilent: (silent: boolean) => void;
}

/** The picture of a camera with its boxes; never one that looks live and is not. */
export function Stage({ camera, withRecord = false, onSilent }: Props) {
  const { live } = useApp();
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const silent = useSilence(camera, onSilent);
  useWatching(box, camera);
  useStageCanvas({ box, canvas, camera: camera.id, withRecord, silent });
  return (
    <div class="stage" ref={box} data-camera={camera.id} data-silent={silent}>
      <canvas key={camera.id} class="picture" ref={canvas} />
      {silent && live.picture(camera.id).value === undefined && <LastPicture camera={camera.id} />}
      {silent && <SilentWords camera={camera} />}
    </div>
  );
}

/** Looks a few times a second whether the newest picture is too old. */
function useSilence({ id, targetFps }: CameraFacts, onSilent: (silent: boolean) => void): boolean {
  const { live } = useApp();
  const [silent, setSilent] = useState(true);
  const limitMs = silentAfterMs(targetFps);
  useEffect(() => {
    const picture = live.picture(id);
    const look = () => {
      const shownMs = sharedNow() - (picture.value?.receivedMs ?? Number.NEGATIVE_INFINITY);
      setSilent(live.link.value !== 'open' || shownMs > limitMs);
    };
    look();
    const ends = [onLook(look), picture.listen(look), live.link.listen(look)];
    return () => {
      for (const end of ends) end();
    };
  }, [id, limitMs]);
  useEffect(() => onSilent(silent), [silent, onSilent]);
  return silent;
}
