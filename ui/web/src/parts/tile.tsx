import { useState } from 'preact/hooks';
import type { CameraFacts } from '../../../protocol.ts';
import { cameraLink } from '../route.ts';
import { shedWords } from '../words.ts';
import { Age } from './age.tsx';
import { Stage } from './stage.tsx';

/** One camera on the wall: its picture, and one line of caption below. */
export function Tile({ camera }: { readonly camera: CameraFacts }) {
  const [silent, setSilent] = useState(true);
  return (
    <li class="tile" data-silent={silent}>
      <a class="tile-link" href={cameraLink(camera.id)}>
        <span class="unseen">{camera.id}</span>
        <Stage camera={camera} onSilent={setSilent} />
      </a>
      <div class="caption">
        <span class="name" title={camera.id}>
          <bdi>{camera.id}</bdi>
        </span>
        <Rate camera={camera} />
        <Age camera={camera} />
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
