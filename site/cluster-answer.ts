import type { CameraStatus } from '../connectors/index.ts';
import type { ClusterAnswer, ClusterCamera, ClusterDifference, ClusterMember, ClusterPartition, ClusterStore } from '../ui/cluster.ts';
import type { MemberFacts } from './member-facts.ts';

/** What members say about themselves, by id; `undefined` where another version of Ocelli speaks. */
export type Members = ReadonlyMap<string, MemberFacts | undefined>;

export interface ClusterView {
  readonly nowMs: number;
  readonly self: string;
  readonly members: Members;
  /** Who holds the lease of which camera. */
  readonly holders: ReadonlyMap<string, string>;
  readonly cameras: readonly { readonly id: string; readonly enabled: boolean }[];
  readonly partitions: number;
  /** The partition of each camera that has one. */
  readonly homes: ReadonlyMap<string, number>;
  readonly log: ClusterStore;
  readonly state: ClusterStore;
}

/** What the members, the leases and the stores say, put together for people. */
export function clusterAnswer(view: ClusterView): ClusterAnswer {
  const { nowMs, self, members, log, state } = view;
  const known = [...members].flatMap(([id, facts]) => (facts === undefined ? [] : [{ id, facts }]));
  return {
    now: nowMs,
    self,
    members: [...members].map(([id, facts]) => memberOf(id, facts)).sort(byRoles),
    differences: differencesOf(known),
    cameras: view.cameras.map((camera) => cameraOf(camera, view)),
    partitions: partitionsOf(known, view.partitions),
    log,
    state,
  };
}

/** The status of each camera as whoever watches it tells it; of several who say they do, the one that spoke last. */
export function statusesOf(members: Members): Map<string, CameraStatus> {
  const newestLast = [...members.values()].flatMap((facts) => facts ?? []).sort((a, b) => saidMs(a) - saidMs(b));
  return new Map(newestLast.flatMap(({ connect }) => connect?.cameras ?? []).map((status) => [status.camera, status]));
}

/** When it said so, by the clock of the store. */
function saidMs({ nowMs, aheadMs }: MemberFacts): number {
  return nowMs - aheadMs;
}

function memberOf(id: string, facts: MemberFacts | undefined): ClusterMember {
  if (facts === undefined) return { id };
  const { host, pid, version, roles, startedMs, nowMs, aheadMs, url, settings, connect, detect, analyse, serve } = facts;
  return {
    id,
    facts: {
      ...{ host, pid, version, roles, aheadMs, settings },
      uptimeMs: Math.max(0, nowMs - startedMs),
      ...(url === undefined ? {} : { url }),
      ...(connect === undefined ? {} : { cameras: connect.cameras.length }),
      ...(detect === undefined ? {} : { detect: { workers: detect.workers, framesPerSecond: detect.framesPerSecond } }),
      ...(analyse === undefined ? {} : { tasks: analyse.tasks.length }),
      ...(serve === undefined ? {} : { watchers: serve.watchers }),
    },
  };
}

const ROLES = ['all', 'connect', 'detect', 'analyse', 'serve'];

/** In the order of the flow, then by name. */
function byRoles(a: ClusterMember, b: ClusterMember): number {
  const first = ({ facts }: ClusterMember) => (facts === undefined ? ROLES.length : ROLES.indexOf(facts.roles[0] ?? ''));
  return first(a) - first(b) || (a.id < b.id ? -1 : 1);
}

function differencesOf(members: readonly { readonly id: string; readonly facts: MemberFacts }[]): ClusterDifference[] {
  const parts = new Set(members.flatMap(({ facts }) => Object.keys(facts.settings)));
  return [...parts].flatMap((part) => {
    const having = members.flatMap(({ id, facts }) => (facts.settings[part] === undefined ? [] : [{ id, hash: facts.settings[part] }]));
    const byHash = [...Map.groupBy(having, ({ hash }) => hash)];
    if (byHash.length < 2) return [];
    const values = byHash.map(([hash, having]) => ({ hash, members: having.map(({ id }) => id) }));
    return [{ part, values: values.sort((a, b) => b.members.length - a.members.length) }];
  });
}

function cameraOf({ id, enabled }: { readonly id: string; readonly enabled: boolean }, view: ClusterView): ClusterCamera {
  const { holders, members, homes } = view;
  const watching = [...members].find(([, facts]) => facts?.connect?.cameras.some(({ camera }) => camera === id))?.[0];
  const member = holders.get(id) ?? watching;
  const state = member === undefined ? undefined : statusesOf(members).get(id)?.state;
  const partition = homes.get(id);
  return {
    id,
    enabled,
    ...(partition === undefined ? {} : { partition }),
    ...(member === undefined ? {} : { member }),
    ...(state === undefined ? {} : { state }),
  };
}

function partitionsOf(members: readonly { readonly id: string; readonly facts: MemberFacts }[], partitions: number): ClusterPartition[] {
  return Array.from({ length: partitions }, (_, partition) => {
    const looking = members.find(({ facts }) => facts.detect?.partitions.includes(partition));
    const tasks = members.flatMap(({ id, facts }) => (facts.analyse?.tasks ?? []).map((task) => ({ ...task, member: id })));
    // While a task changes hands two members may name it: the later owner has the higher epoch.
    const task = tasks.filter((one) => one.partition === partition).sort((a, b) => b.epoch - a.epoch)[0];
    return {
      partition,
      ...(looking === undefined ? {} : { frames: { member: looking.id, lag: looking.facts.detect?.lag[partition] ?? 0 } }),
      ...(task === undefined
        ? {}
        : { task: { member: task.member, position: task.position, saved: task.saved, epoch: task.epoch, lag: task.lag } }),
    };
  });
}
