import type { ClusterAnswer, ClusterMember, ClusterStore } from '../../../cluster.ts';
import { cameraLink } from '../route.ts';
import { durationWords } from '../words.ts';
import { counted, memberName, skewWords } from './cluster-words.ts';

const ROLES = [
  ['all', 'One process', 'The whole site.'],
  ['connect', 'Connect', 'Watches cameras.'],
  ['detect', 'Detect', 'Looks at frames.'],
  ['analyse', 'Analyse', 'Follows objects.'],
  ['serve', 'Serve', 'Pages and API.'],
] as const;

/** The members by what they do, in the order in which frames and records go, and the stores where they meet. */
export function ClusterFlow({ cluster }: { readonly cluster: ClusterAnswer }) {
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
