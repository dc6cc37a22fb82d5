import type { ClusterAnswer } from '../../../cluster.ts';
import { usePoll } from '../live/poll.ts';
import '../styles/cluster.css';
import { ClusterFlow } from './cluster-flow.tsx';
import { ClusterPartitions } from './cluster-partitions.tsx';
import { concernsOf, counted } from './cluster-words.ts';

const EVERY_MS = 2000;

/** Who works on this site, and on what: in the order of the flow. */
export function ClusterPage() {
  const cluster = usePoll<ClusterAnswer>('/api/cluster', EVERY_MS);
  if (cluster === undefined) return <p class="waiting">Asking …</p>;
  return (
    <div class="page cluster">
      <h1>Cluster</h1>
      <Concerns cluster={cluster} />
      <ClusterFlow cluster={cluster} />
      <section>
        <h2>Partitions</h2>
        <ClusterPartitions cluster={cluster} />
      </section>
    </div>
  );
}

function Concerns({ cluster }: { readonly cluster: ClusterAnswer }) {
  const concerns = concernsOf(cluster);
  if (concerns.length === 0) {
    const { members, cameras } = cluster;
    const watched = cameras.filter(({ member }) => member !== undefined).length;
    return (
      <p class="all-well">
        {members.length === 1 ? 'One process' : `${members.length} processes`}, {counted(watched, 'camera')}: every camera is watched, every
        partition is analysed.
      </p>
    );
  }
  return (
    <div role="status">
      <ul class="concerns">
        {concerns.map(({ grave, sentence }) => (
          <li key={sentence} data-grave={grave}>
            {sentence}
          </li>
        ))}
      </ul>
    </div>
  );
}
