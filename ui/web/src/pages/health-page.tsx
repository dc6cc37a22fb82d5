import type { CameraHealthFacts, HealthAnswer } from '../../../health.ts';
import { CameraTable } from '../health/camera-table.tsx';
import { SiteFigures } from '../health/site-figures.tsx';
import { usePoll } from '../live/poll.ts';
import { ModelAbout } from '../parts/camera-about.tsx';

const EVERY_MS = 2000;

/** What somebody on call asks first. */
export function HealthPage() {
  const health = usePoll<HealthAnswer>('/api/health', EVERY_MS);
  if (health === undefined) return <p class="waiting">Asking …</p>;
  return (
    <div class="page">
      <h1>Health</h1>
      <SiteFigures health={health} />
      <h2>Cameras</h2>
      <CameraTable cameras={health.cameras} />
      <ModelAbout />
      <DecoderLines cameras={health.cameras} />
    </div>
  );
}

function DecoderLines({ cameras }: { readonly cameras: readonly CameraHealthFacts[] }) {
  const talking = cameras.filter(({ lastLines }) => lastLines.length > 0);
  if (talking.length === 0) return null;
  return (
    <section>
      <h2>Last words of the decoder</h2>
      {talking.map(({ id, lastLines }) => (
        <details key={id}>
          <summary>{id}</summary>
          <pre class="lines">{lastLines.join('\n')}</pre>
        </details>
      ))}
    </section>
  );
}
