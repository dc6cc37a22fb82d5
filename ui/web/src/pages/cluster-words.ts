import type { ClusterAnswer, ClusterDifference, ClusterMember, ClusterStore } from '../../../cluster.ts';

/** Beyond this, ages and freshness are off by what people would notice. */
const SKEW_MS = 500;
/** It is measured over the way to the state store and back: less than this tells nothing. */
const IN_STEP_MS = 100;
/** A detection that waits behind so many others is late. */
const LATE_RECORDS = 100;

/** Something that somebody should look at; `grave` when results are missing meanwhile. */
export interface Concern {
  readonly grave: boolean;
  readonly sentence: string;
}

export function concernsOf(cluster: ClusterAnswer): Concern[] {
  return [
    ...storeConcerns('log', cluster.log),
    ...storeConcerns('state', cluster.state),
    ...cameraConcerns(cluster),
    ...partitionConcerns(cluster),
    ...memberConcerns(cluster),
  ];
}

/** `host · process`, of a member that may be gone already. */
export function memberName(id: string, members: readonly ClusterMember[]): string {
  const facts = members.find((member) => member.id === id)?.facts;
  if (facts === undefined) return id;
  const oneHost = new Set(members.flatMap((member) => member.facts?.host ?? [])).size < 2;
  return oneHost ? String(facts.pid) : `${facts.host} · ${facts.pid}`;
}

export function differenceSentence({ part, values: [most, ...others] }: ClusterDifference, members: readonly ClusterMember[]): string {
  const odd = others.map((value) => namesOf(value.members, members)).join('; ');
  return `The configurations differ in ${part}: ${odd} against ${namesOf(most?.members ?? [], members)}.`;
}

export function skewWords(aheadMs: number): string {
  if (Math.abs(aheadMs) < IN_STEP_MS) return 'in step';
  return `${Math.abs(aheadMs)} ms ${aheadMs > 0 ? 'ahead' : 'behind'}`;
}

/** One camera, 2 cameras. */
export function counted(count: number, one: string): string {
  return count === 1 ? `1 ${one}` : `${count} ${one}s`;
}

function storeConcerns(name: string, { trouble }: ClusterStore): Concern[] {
  return trouble === undefined ? [] : [{ grave: true, sentence: `The ${name} is in trouble: ${trouble}` }];
}

function cameraConcerns({ cameras }: ClusterAnswer): Concern[] {
  const blind = cameras.filter(({ enabled, member }) => enabled && member === undefined).map(({ id }) => id);
  return blind.length === 0 ? [] : [{ grave: true, sentence: `Nobody watches ${listed(blind)}.` }];
}

function partitionConcerns({ partitions }: ClusterAnswer): Concern[] {
  const idle = partitions.filter(({ task }) => task === undefined).map(({ partition }) => String(partition));
  const late = partitions.filter(({ task }) => (task?.lag ?? 0) > LATE_RECORDS).map(({ partition }) => String(partition));
  return [
    ...(idle.length === 0
      ? []
      : [{ grave: true, sentence: `Nobody analyses ${idle.length === 1 ? 'partition' : 'partitions'} ${listed(idle)}.` }]),
    ...(late.length === 0
      ? []
      : [{ grave: false, sentence: `Analysis is behind in ${late.length === 1 ? 'partition' : 'partitions'} ${listed(late)}.` }]),
  ];
}

function memberConcerns({ members, differences }: ClusterAnswer): Concern[] {
  const names = (ids: readonly string[]) => namesOf(ids, members);
  const strangers = members.filter(({ facts }) => facts === undefined).map(({ id }) => id);
  const skewed = members.filter(({ facts }) => Math.abs(facts?.aheadMs ?? 0) > SKEW_MS).map(({ id }) => id);
  const versions = new Set(members.flatMap(({ facts }) => facts?.version ?? []));
  return [
    ...differences.map((difference) => ({ grave: false, sentence: differenceSentence(difference, members) })),
    ...(versions.size < 2 ? [] : [{ grave: false, sentence: `Several versions are at work: ${listed([...versions].sort())}.` }]),
    ...(strangers.length === 0 ? [] : [{ grave: false, sentence: `Another version of Ocelli speaks at ${listed(strangers)}.` }]),
    ...(skewed.length === 0 ? [] : [{ grave: false, sentence: `The clock is wrong at ${names(skewed)}: see to its time service.` }]),
  ];
}

function namesOf(ids: readonly string[], members: readonly ClusterMember[]): string {
  return listed(ids.map((id) => memberName(id, members)));
}

/** The first few, and how many more. */
function listed(names: readonly string[]): string {
  const shown = names.length > 6 ? [...names.slice(0, 5), `${names.length - 5} more`] : names;
  return shown.length < 2 ? (shown[0] ?? '') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}
