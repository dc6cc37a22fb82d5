import type { CameraHealthFacts, LatencyPercentiles } from '../../../health.ts';
import { cameraLink } from '../route.ts';
import { countWords, shedWords } from '../words.ts';

const SHARES = ['p50', 'p95', 'p99'] as const;

/** A row a camera: latency, losses, reconnects. On a narrow screen a row is a list, so the titles stand at the cells too. */
export function CameraTable({ cameras }: { readonly cameras: readonly CameraHealthFacts[] }) {
  return (
    <div class="table-scroll">
      <table class="health">
        <caption class="unseen">Frames, latency and losses of each camera; latencies are from capture to committed record</caption>
        <Head />
        <tbody>
          {cameras.map((camera) => (
            <CameraRow key={camera.id} camera={camera} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Head() {
  return (
    <thead>
      <tr>
        <th scope="col" rowSpan={2}>
          Camera
        </th>
        <th scope="colgroup" colSpan={3}>
          Capture to record, ms
        </th>
        <th scope="colgroup" colSpan={2}>
          Ten minutes
        </th>
        <th scope="colgroup" colSpan={3}>
          Since the start
        </th>
      </tr>
      <tr>
        {[...SHARES, 'Skipped', 'Looked at', 'Came', 'Pictures'].map((title) => (
          <th key={title} scope="col" class="right">
            {title}
          </th>
        ))}
        <th class="causes" scope="col">
          Reconnects
        </th>
      </tr>
    </thead>
  );
}

function CameraRow({ camera }: { readonly camera: CameraHealthFacts }) {
  const { id, latency, frames, looked, dropped, jpegs, restarts } = camera;
  const { total, reasons } = shedWords(dropped);
  const causes = Object.entries(restarts).map(([cause, count]) => `${count} ${cause}`);
  return (
    <tr>
      <th scope="row">
        <a href={cameraLink(id)}>
          <bdi>{id}</bdi>
        </a>
      </th>
      <Latencies of={latency.total} />
      <Skipped total={total} reasons={reasons} />
      <Count title="Looked at, ten minutes" of={looked} />
      <Count title="Came, since the start" of={frames} />
      <Count title="Pictures, since the start" of={jpegs} />
      <td class="causes number" data-title="Reconnects, since the start">
        {causes.length === 0 ? '–' : causes.join(', ')}
      </td>
    </tr>
  );
}

function Latencies({ of }: { readonly of: LatencyPercentiles | undefined }) {
  return (
    <>
      {SHARES.map((share) => (
        <td key={share} class="number right" data-title={`${share}, ms`}>
          {of === undefined ? '–' : Math.round(of[share])}
        </td>
      ))}
    </>
  );
}

function Count({ title, of }: { readonly title: string; readonly of: number }) {
  return (
    <td class="number right" data-title={title} title={String(of)}>
      {countWords(of)}
    </td>
  );
}

/** A button, so that the reasons can be had by keyboard and touch: they stand below the number while it has the focus. */
function Skipped({ total, reasons }: { readonly total: number; readonly reasons: string }) {
  return (
    <td class="number right" data-title="Skipped, ten minutes" data-some={total > 0}>
      {total === 0 ? (
        '0'
      ) : (
        <button type="button" class="reasons" title={reasons}>
          {countWords(total)}
          <span class="unseen"> {reasons}</span>
        </button>
      )}
    </td>
  );
}
