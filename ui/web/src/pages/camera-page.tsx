import { useState } from 'preact/hooks';
import type { HealthAnswer } from '../../../health.ts';
import type { CameraHistoryAnswer } from '../../../history.ts';
import type { CameraFacts } from '../../../protocol.ts';
import { useApp } from '../app-context.ts';
import { usePoll } from '../live/poll.ts';
import { useStore } from '../live/use-store.ts';
import { Age } from '../parts/age.tsx';
import { CopyRecord } from '../parts/copy-record.tsx';
import { InPicture } from '../parts/in-picture.tsx';
import { LatencyTable } from '../parts/latency-table.tsx';
import { Moment } from '../parts/moment.tsx';
import { Stage } from '../parts/stage.tsx';
import { TimeLine } from '../parts/time-line.tsx';
import { sentence, shedWords } from '../words.ts';

/** One camera, large, with everything that is known about it. */
export function CameraPage({ id, at }: { readonly id: string; readonly at: number | undefined }) {
  const { live } = useApp();
  const cameras = useStore(live.cameras);
  const camera = cameras?.find((other) => other.id === id);
  if (cameras === undefined) return <p class="waiting">Connecting …</p>;
  if (camera === undefined) {
    return (
      <div class="page">
        <h1>There is no camera {id}</h1>
        <p>
          It may have been removed. <a href="#/">See those that there are.</a>
        </p>
      </div>
    );
  }
  return <Known camera={camera} at={at} />;
}

function Known({ camera, at }: { readonly camera: CameraFacts; readonly at: number | undefined }) {
  const { live } = useApp();
  const { id } = camera;
  const record = useStore(live.picture(id))?.record;
  const [silent, setSilent] = useState(true);
  const history = usePoll<CameraHistoryAnswer>(`/api/cameras/${encodeURIComponent(id)}/history`, 2000);
  const health = usePoll<HealthAnswer>('/api/health', 4000)?.cameras.find((other) => other.id === id);
  return (
    <div class="camera-page" data-silent={silent}>
      <div class="camera-main">
        <div class="caption large">
          <h1 class="name">
            <bdi>{id}</bdi>
          </h1>
          {camera.state === 'running' && <span class="rate number">{Math.round(camera.fps)} fps</span>}
          <Age camera={camera} />
        </div>
        <Stage camera={camera} withRecord={true} onSilent={setSilent} />
        <TimeLine camera={id} history={history} at={at} />
      </div>
      <aside class="facts" aria-label={`About ${id}`}>
        {at !== undefined && <Moment camera={id} at={at} />}
        <InPicture record={silent ? undefined : record} />
        {health !== undefined && <LatencyTable latency={health.latency} />}
        <ConnectionFacts camera={camera} restarts={health?.restarts ?? {}} />
        <ModelFacts />
        <CopyRecord label="Copy this frame's record" record={() => live.picture(id).value?.record} />
        {health !== undefined && health.lastLines.length > 0 && (
          <details>
            <summary>Last words of the decoder</summary>
            <pre class="lines">{health.lastLines.join('\n')}</pre>
          </details>
        )}
      </aside>
    </div>
  );
}

function ConnectionFacts({ camera, restarts }: { readonly camera: CameraFacts; readonly restarts: Readonly<Record<string, number>> }) {
  const { total, reasons } = shedWords(camera.shed);
  const causes = Object.entries(restarts).map(([cause, count]) => `${count} × ${cause}`);
  return (
    <section>
      <h2>Stream</h2>
      <dl class="pairs">
        <dt>Address</dt>
        <dd class="number address">{camera.address}</dd>
        <dt>Looked at</dt>
        <dd class="number">
          {camera.fps} of {camera.targetFps} fps
        </dd>
        <dt>Skipped, last minute</dt>
        <dd class="number">
          {total}
          {total > 0 && <small class="quiet"> {reasons}</small>}
        </dd>
        <dt>Reconnects</dt>
        <dd class="number">{causes.length === 0 ? 'none' : causes.join(', ')}</dd>
        {camera.detail !== undefined && camera.state !== 'running' && (
          <>
            <dt>Now</dt>
            <dd>{sentence(camera.detail)}</dd>
          </>
        )}
      </dl>
    </section>
  );
}

function ModelFacts() {
  const { live } = useApp();
  const model = useStore(live.site)?.model;
  if (model === undefined) return null;
  return (
    <section>
      <h2>Model</h2>
      <p>
        {model.name} {model.version} · trained on {model.dataset} ·{' '}
        <span class="number" title={model.sha256}>
          {model.sha256.slice(0, 8)}…
        </span>
      </p>
    </section>
  );
}
