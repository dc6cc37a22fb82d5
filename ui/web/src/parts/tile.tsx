import { useCallback, useState } from 'preact/hooks';
import type { CameraFacts } from '../../../protocol.ts';
import { useApp } from '../app-context.ts';
import { cameraLink } from '../route.ts';
import { shedWords } from '../words.ts';
import { useAge } from './age.tsx';
import { type Drawn, Stage } from './stage.tsx';

/** One camera on the wall: its picture, and one line of caption below. */
export function Tile({ camera }: { readonly camera: CameraFacts }) {
  const { feeds } = useApp();
  const [silent, setSilent] = useState(true);
  const age = useAge(feeds.of(camera.id), camera.freshnessMs, camera.kind === 'live');
  const onDrawn = useCallback(({ ageMs }: Drawn) => age.write(ageMs), [camera.id, camera.freshnessMs]);
  return (
    <li class="tile" data-silent={silent}>
      <a class="tile-link" href={cameraLink(camera.id)}>
        <span class="unseen">{camera.id}</span>
        <Stage camera={camera} onDrawn={onDrawn} onSilent={setSilent} />
      </a>
      <div class="caption">
        <span class="name" title={camera.id}>
          <bdi>{camera.id}</bdi>
        </span>
        <Rate camera={camera} />
        <span class="age number" ref={age.element} title="Age of the picture: the time between its capture and now" />
      </div>
    </li>
  );
}

function Rate({ camera }: { readonly camera: CameraFacts }) {
  const { total, reasons } = shedWords(camera.shed);
  if (camera.state !== 'running') return null;
  return (
    <span class="rate number">
      {Math.round(camera.fps)} fps
      {total > 0 && (
        <button type="button" class="shed" title={`Not looked at in the last minute: ${reasons}`}>
          · {total} skipped<span class="unseen"> in the last minute: {reasons}</span>
        </button>
      )}
    </span>
  );
}
