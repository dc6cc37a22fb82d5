import type { CameraHealthFacts } from '../../../health.ts';

const STAGES = [
  ['decoded', 'Decoded'],
  ['waited', 'Waited'],
  ['inferred', 'Looked at'],
  ['total', 'Capture to record'],
] as const;

/** Where the time of a frame goes: percentiles by stage, with a bar of the median on one scale. */
export function LatencyTable({ latency }: { readonly latency: CameraHealthFacts['latency'] }) {
  const known = STAGES.filter(([stage]) => latency[stage] !== undefined);
  const most = Math.max(1, ...known.map(([stage]) => latency[stage]?.p99 ?? 0));
  if (known.length === 0) return null;
  return (
    <section>
      <h2>Latency</h2>
      <table class="latency">
        <thead>
          <tr>
            <th scope="col">ms</th>
            <th scope="col" class="right">
              p50
            </th>
            <th scope="col" class="right">
              p95
            </th>
            <th scope="col" class="right">
              p99
            </th>
          </tr>
        </thead>
        <tbody>
          {known.map(([stage, title]) => (
            <tr key={stage}>
              <th scope="row">
                {title}
                <Bar shares={[latency[stage]?.p50 ?? 0, latency[stage]?.p95 ?? 0, latency[stage]?.p99 ?? 0].map((ms) => ms / most)} />
              </th>
              {(['p50', 'p95', 'p99'] as const).map((share) => (
                <td key={share} class="number right">
                  {Math.round(latency[stage]?.[share] ?? 0)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Median solid, p95 paler, p99 a hairline: one glance at how long the tail is. */
function Bar({ shares: [p50 = 0, p95 = 0, p99 = 0] }: { readonly shares: readonly number[] }) {
  return (
    <svg class="latency-bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
      <rect class="tail" width={p95 * 100} height="4" />
      <rect class="median" width={p50 * 100} height="4" />
      <rect class="worst" x={Math.max(0, p99 * 100 - 0.6)} width="0.6" height="4" />
    </svg>
  );
}
