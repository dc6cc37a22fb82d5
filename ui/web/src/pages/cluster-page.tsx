import type { ClusterAnswer, ClusterMember, ClusterPartition, ClusterStore } from '../../../cluster.ts';
import { usePoll } from '../live/poll.ts';
import { cameraLink } from '../route.ts';
import '../styles/cluster.css';
import { countWords, durationWords } from '../words.ts';
import { concernsOf, counted, memberName, skewWords } from './cluster-words.ts';

const EVERY_MS = 2000;
const ROLES = [
  ['all', 'One process', 'The whole site.'],
  ['connect', 'Connect', 'Watches cameras.'],
  ['detect', 'Detect', 'Looks at frames.'],
  ['analyse', 'Analyse', 'Follows objects.'],
  ['serve', 'Serve', 'Pages and API.'],
] as const;

/** Who works on this site, and on what: in the order of the flow. */
export function ClusterPage() {
  const cluster = usePoll<ClusterAnswer>('/api/cluster', EVERY_MS);
  if (cluster === undefined) return <p class="waiting">Asking …</p>;
  return (
    <div class="page cluster">
      <h1>Cluster</h1>
      <Concerns cluster={cluster} />
      <Flow cluster={cluster} />
      <section>
        <h2>Partitions</h2>
        <Partitions cluster={cluster} />
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
    <ul class="concerns" role="status">
      {concerns.map(({ grave, sentence }) => (
        <li key={sentence} data-grave={grave}>
          {sentence}
        </li>
      ))}
    </ul>
  );
}

function Flow({ cluster }: { readonly cluster: ClusterAnswer }) {
  const { members, log, state } = cluster;
  const groups = ROLES.map(([role, name, what]) => ({ role, name, what, members: membersOf(role, members) })).filter(
    (group) => group.members.length > 0,
  );
  const strangers = members.filter(({ facts }) => facts === undefined);
  return (
    <div class="flow">
      {groups.map(({ role, name, what, members: having }) => (
        <section key={role} aria-label={name}>
          <header>
            <h2>{name}</h2>
            <p class="quiet">{what}</p>
          </header>
          <ul>
            {having.map((member) => (
              <Card key={member.id} role={role} member={member} cluster={cluster} />
            ))}
          </ul>
        </section>
      ))}
      <section aria-label="Stores">
        <header>
          <h2>Stores</h2>
          <p class="quiet">Where all meet.</p>
        </header>
        <ul>
          <Store name="Log" store={log} />
          <Store name="State" store={state} />
          {strangers.map(({ id }) => (
            <li key={id} class="member">
              <b>{id}</b>
              <span class="quiet">speaks another version of Ocelli</span>
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}

function membersOf(role: string, members: readonly ClusterMember[]): ClusterMember[] {
  return members.filter(({ facts }) => facts?.roles.includes(role));
}

interface CardProps {
  readonly role: string;
  readonly member: ClusterMember;
  readonly cluster: ClusterAnswer;
}

function Card({ role, member: { id, facts }, cluster }: CardProps) {
  if (facts === undefined) return null;
  const { aheadMs, uptimeMs, url, version } = facts;
  const name = memberName(id, cluster.members);
  return (
    <li class="member" data-self={id === cluster.self}>
      <b>{url === undefined || role !== 'serve' ? name : <a href={url}>{name}</a>}</b>
      {id === cluster.self && (role === 'serve' || role === 'all') && <span class="self">this page</span>}
      <Work role={role} id={id} cluster={cluster} />
      <span class="quiet facts-line" title={`${id}, version ${version}`}>
        {durationWords(uptimeMs)} · clock {skewWords(aheadMs)}
      </span>
    </li>
  );
}

function Work({ role, id, cluster }: { readonly role: string; readonly id: string; readonly cluster: ClusterAnswer }) {
  const facts = cluster.members.find((member) => member.id === id)?.facts;
  const cameras = cluster.cameras.filter(({ member }) => member === id);
  if (role === 'connect' || role === 'all') {
    return (
      <span class="work">
        {cameras.length === 0 && <span class="quiet">no camera</span>}
        {cameras.map((camera) => (
          <a key={camera.id} class="chip" data-state={camera.state} href={cameraLink(camera.id)} title={camera.state ?? ''}>
            {camera.id}
          </a>
        ))}
      </span>
    );
  }
  return (
    <span class="work number">
      {workWords(role, facts, cluster, id).map((words) => (
        <span key={words}>{words}</span>
      ))}
    </span>
  );
}

function workWords(role: string, facts: ClusterMember['facts'], { partitions }: ClusterAnswer, id: string): string[] {
  if (role === 'detect') {
    const own = partitions.filter(({ frames }) => frames?.member === id).map(({ partition }) => partition);
    return [`${facts?.detect?.framesPerSecond ?? 0} frames/s`, partitionWords(own)];
  }
  if (role === 'analyse') {
    const own = partitions.filter(({ task }) => task?.member === id).map(({ partition }) => partition);
    return [partitionWords(own)];
  }
  return [counted(facts?.watchers ?? 0, 'viewer')];
}

function partitionWords(own: readonly number[]): string {
  return own.length === 0 ? 'no partition' : `${own.length === 1 ? 'partition' : 'partitions'} ${own.join(' ')}`;
}

function Store({ name, store }: { readonly name: string; readonly store: ClusterStore }) {
  const { where, answeredMs, trouble } = store;
  return (
    <li class="member" data-trouble={trouble !== undefined}>
      <b>{name}</b>
      <span class="number where" title={where}>
        {where}
      </span>
      <span class="quiet facts-line">{trouble ?? (answeredMs === undefined ? 'being asked …' : `answers in ${answeredMs} ms`)}</span>
    </li>
  );
}

function Partitions({ cluster }: { readonly cluster: ClusterAnswer }) {
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
