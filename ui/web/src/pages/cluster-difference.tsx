import type { ClusterAnswer } from '../../../cluster.ts';
import { usePoll } from '../live/poll.ts';
import '../styles/cluster.css';
import { differenceSentence } from './cluster-words.ts';

const EVERY_MS = 5000;

/** Stands where a part of the configuration is edited while processes differ in it: an edit reaches the file of one of them. */
export function ClusterDifference({ part }: { readonly part: string }) {
  const cluster = usePoll<ClusterAnswer>('/api/cluster', EVERY_MS);
  const difference = cluster?.differences.find((one) => one.part === part);
  if (cluster === undefined || difference === undefined) return null;
  return (
    <p class="concerns" role="status">
      {differenceSentence(difference, cluster.members)} A change here goes into the file of the process that serves this page; bring the
      others to the same.
    </p>
  );
}
