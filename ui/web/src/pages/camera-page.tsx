import { useState } from 'preact/hooks';
import type { HealthAnswer } from '../../../health.ts';
import type { CameraHistoryAnswer } from '../../../history.ts';
import type { CameraFacts } from '../../../protocol.ts';
import { useApp } from '../app-context.ts';
import { usePoll } from '../live/poll.ts';
import { useStore } from '../live/use-store.ts';
import { Age } from '../parts/age.tsx';
import { DecoderAbout, ModelAbout, StreamAbout } from '../parts/camera-about.tsx';
import { CopyRecord } from '../parts/copy-record.tsx';
import { InPicture } from '../parts/in-picture.tsx';
import { LatencyTable } from '../parts/latency-table.tsx';
import { Moment } from '../parts/moment.tsx';
import { Stage } from '../parts/stage.tsx';
import { TimeLine } from '../parts/time-line.tsx';

interface Props {
  readonly id: string;
  /** The moment that is open. */
  readonly at: number | undefined;
}

/** One camera, large, with everything that is known about it. */
export function CameraPage({ id, at }: Props) {
  const cameras = useStore(useApp().live.cameras);
  const camera = cameras?.find((other) => other.id === id);
  if (cameras === undefined) return <p class="waiting">Connecting …</p>;
  return camera === undefined ? <Unknown id={id} /> : <Known camera={camera} at={at} />;
}

function Unknown({ id }: { readonly id: string }) {
  return (
    <div class="page">
      <h1>There is no camera {id}</h1>
      <p>
        It may have been removed. <a href="#/">See those that there are.</a>
      </p>
    </div>
  );
}

interface KnownProps {
  readonly camera: CameraFacts;
  readonly at: number | undefined;
}

function Known({ camera, at }: KnownProps) {
  const [silent, setSilent] = useState(true);
  const history = usePoll<CameraHistoryAnswer>(`/api/cameras/${encodeURIComponent(camera.id)}/history`, 2000);
  return (
    <div class="camera-page" data-silent={silent}>
      <div class="camera-main">
        <Caption camera={camera} />
        <Stage camera={camera} withRecord={true} onSilent={setSilent} />
        <TimeLine camera={camera.id} history={history} at={at} />
      </div>
      <aside class="facts" aria-label={`About ${camera.id}`}>
        {at !== undefined && <Moment camera={camera.id} at={at} />}
        <About camera={camera} history={history} silent={silent} />
      </aside>
    </div>
  );
}

function Caption({ camera }: { readonly camera: CameraFacts }) {
  return (
    <div class="caption large">
      <h1 class="name">
        <bdi>{camera.id}</bdi>
      </h1>
      {camera.state === 'running' && <span class="rate number">{Math.round(camera.fps)} fps</span>}
      <Age camera={camera} />
    </div>
  );
}

interface AboutProps {
  readonly camera: CameraFacts;
  readonly history: CameraHistoryAnswer | undefined;
  readonly silent: boolean;
}

function About({ camera, history, silent }: AboutProps) {
  const picture = useApp().live.picture(camera.id);
  const record = useStore(picture)?.record;
  const health = usePoll<HealthAnswer>('/api/health', 4000)?.cameras.find(({ id }) => id === camera.id);
  return (
    <>
      <InPicture record={silent ? undefined : record} />
      {health !== undefined && <LatencyTable latency={health.latency} />}
      <StreamAbout camera={camera} history={history} restarts={health?.restarts ?? {}} />
      <ModelAbout />
      <CopyRecord label="Copy this frame's record" record={() => picture.value?.record} />
      <DecoderAbout lines={health?.lastLines ?? []} />
    </>
  );
}
