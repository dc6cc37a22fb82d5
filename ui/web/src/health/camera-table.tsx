import type { CameraHealthFacts, LatencyPercentiles } from '../../../health.ts';
import { cameraLink } from '../route.ts';
import { countWords, reasonWords } from '../words.ts';

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
        <th scope="colgroup" colSpan={3}>
          Ten minutes
        </th>
        <th class="causes" scope="col" rowSpan={2}>
          Reconnects
        </th>
      </tr>
      <tr>
        {[...SHARES, 'Looked at', 'Skipped', 'Pictures'].map((title) => (
          <th key={title} scope="col" class="right">
            {title}
          </th>
        ))}
      </tr>
    </thead>
  );
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
      <Latencies of={latency.total} />
      <Count title="Looked at" of={looked} />
      <Count title="Skipped" of={skipped} reasons={reasons.join(', ')} />
      <Count title="Pictures" of={jpegs} />
      <td class="causes number" data-title="Reconnects">
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

interface CountProps {
  readonly title: string;
  readonly of: number;
  /** Why, where it should be none. */
  readonly reasons?: string;
}

function Count({ title, of, reasons }: CountProps) {
  return (
    <td class="number right" data-title={title} title={reasons ?? String(of)} data-some={reasons !== undefined && of > 0}>
      {countWords(of)}
    </td>
  );
}
