import type { ClusterAnswer, ClusterPartition } from '../../../cluster.ts';
import { cameraLink } from '../route.ts';
import { countWords } from '../words.ts';
import { memberName } from './cluster-words.ts';

/** Who works on which partition, and what waits. */
export function ClusterPartitions({ cluster }: { readonly cluster: ClusterAnswer }) {
  const travels = cluster.partitions.some(({ frames }) => frames !== undefined);
  return (
    <div class="table-scroll">
      <table class="partitions">
        <caption class="unseen">Who looks at the frames of each partition, who analyses its detections, and what waits</caption>
        <thead>
          <tr>
            <th scope="col">Partition</th>
            <th scope="col">Cameras</th>
            {travels && <th scope="col">Frames wait</th>}
            <th scope="col">Detections wait</th>
            <th scope="col" class="right">
              Position
            </th>
            <th scope="col" class="right" title="How often the task was taken over">
              Epoch
            </th>
          </tr>
        </thead>
        <tbody>
          {cluster.partitions.map((row) => (
            <PartitionRow key={row.partition} row={row} travels={travels} cluster={cluster} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps {
  readonly row: ClusterPartition;
  readonly travels: boolean;
  readonly cluster: ClusterAnswer;
}

function PartitionRow({ row: { partition, frames, task }, travels, cluster }: RowProps) {
  const cameras = cluster.cameras.filter((camera) => camera.partition === partition);
  return (
    <tr>
      <th scope="row" class="number">
        {partition}
      </th>
      <td>
        {cameras.length === 0 ? (
          <span class="quiet">–</span>
        ) : (
          cameras.map(({ id }, index) => (
            <>
              {index > 0 && ', '}
              <a key={id} href={cameraLink(id)}>
                {id}
              </a>
            </>
          ))
        )}
      </td>
      {travels && <Waiting of={frames} cluster={cluster} />}
      <Waiting of={task} cluster={cluster} />
      <td class="number right">{task === undefined ? '–' : countWords(task.position)}</td>
      <td class="number right">{task?.epoch ?? '–'}</td>
    </tr>
  );
}

function Waiting({
  of,
  cluster,
}: {
  readonly of: { readonly member: string; readonly lag: number } | undefined;
  readonly cluster: ClusterAnswer;
}) {
  if (of === undefined) return <td data-some="true">nobody is at it</td>;
  return (
    <td>
      <span class="number">{countWords(of.lag)}</span> <span class="quiet">at {memberName(of.member, cluster.members)}</span>
    </td>
  );
}
