import type { CameraHealthFacts, HealthAnswer, LatencyPercentiles } from '../../../health.ts';
import { usePoll } from '../live/poll.ts';
import { cameraLink } from '../route.ts';
import { bytesWords, countWords, durationWords, reasonWords } from '../words.ts';

const EVERY_MS = 2000;

/** What somebody on call asks first. */
export function HealthPage() {
  const health = usePoll<HealthAnswer>('/api/health', EVERY_MS);
  if (health === undefined) return <p class="waiting">Asking …</p>;
  return (
    <div class="page">
      <h1>Health</h1>
      <Figures health={health} />
      <h2>Cameras</h2>
      <div class="table-scroll">
        <table class="health">
          <caption class="unseen">Frames, latency and losses of each camera; latencies are from capture to committed record</caption>
          <thead>
            <tr>
              <th scope="col" rowSpan={2}>
                Camera
              </th>
              <th scope="colgroup" colSpan={3}>
                Capture to record
              </th>
              <th scope="colgroup" colSpan={3}>
                Ten minutes
              </th>
              <th scope="col" rowSpan={2}>
                Reconnects
              </th>
            </tr>
            <tr>
              {['p50', 'p95', 'p99', 'Looked at', 'Skipped', 'Pictures'].map((title) => (
                <th key={title} scope="col" class="right">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {health.cameras.map((camera) => (
              <CameraRow key={camera.id} camera={camera} />
            ))}
          </tbody>
        </table>
      </div>
      <DecoderLines cameras={health.cameras} />
    </div>
  );
}

function Figures({ health }: { readonly health: HealthAnswer }) {
  const { log, memory, eventLoop, workers, viewers, uptimeMs } = health;
  return (
    <dl class="figures">
      <Figure name="Log" value={bytesWords(log.bytes)} note={forecast(log)} />
      <Figure name="Memory" value={bytesWords(memory.rssBytes)} note={`${bytesWords(memory.viewBytes)} of pictures`} />
      <Figure name="Event loop late" value={`${eventLoop.p99} ms`} note={`p99; at most ${eventLoop.max} ms`} />
      <Figure name="Inference workers" value={String(workers)} note={viewers === 1 ? 'one viewer' : `${viewers} viewers`} />
      <Figure name="Running for" value={durationWords(uptimeMs)} />
    </dl>
  );
}

function Figure({ name, value, note }: { readonly name: string; readonly value: string; readonly note?: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd class="number">{value}</dd>
      {note !== undefined && <dd class="quiet">{note}</dd>}
    </div>
  );
}

function forecast({ limitBytes, hoursToLimit, bytesAnHour }: HealthAnswer['log']): string {
  const limit = bytesWords(limitBytes);
  if (bytesAnHour === undefined) return `of ${limit}; growth is being measured`;
  return hoursToLimit === undefined ? `of ${limit}; it does not grow` : `of ${limit}, full in ${durationWords(hoursToLimit * 3_600_000)}`;
}

function CameraRow({ camera }: { readonly camera: CameraHealthFacts }) {
  const { id, latency, looked, dropped, jpegs, restarts } = camera;
  const skipped = Object.values(dropped).reduce((sum, frames) => sum + frames, 0);
  const reasons = Object.entries(dropped).map(([reason, frames]) => `${frames} ${reasonWords(reason)}`);
  const causes = Object.entries(restarts).map(([cause, count]) => `${count} ${cause}`);
  return (
    <tr>
      <th scope="row">
        <a href={cameraLink(id)}>
          <bdi>{id}</bdi>
        </a>
      </th>
      <Milliseconds of={latency.total} />
      <td class="number right" title={String(looked)}>
        {countWords(looked)}
      </td>
      <td class="number right" title={reasons.join(', ')} data-some={skipped > 0}>
        {countWords(skipped)}
      </td>
      <td class="number right" title={String(jpegs)}>
        {countWords(jpegs)}
      </td>
      <td class="number">{causes.length === 0 ? '–' : causes.join(', ')}</td>
    </tr>
  );
}

function Milliseconds({ of }: { readonly of: LatencyPercentiles | undefined }) {
  return (
    <>
      {(['p50', 'p95', 'p99'] as const).map((share) => (
        <td key={share} class="number right">
          {of === undefined ? '–' : `${Math.round(of[share])} ms`}
        </td>
      ))}
    </>
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
