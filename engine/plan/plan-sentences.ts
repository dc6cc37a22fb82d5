import type { RolePlan, SitePlan } from './plan-site.ts';

/** A plan for people: sentences, then rows of a table (role, processes, cores, memory, because), then sentences. */
export interface PlanSentences {
  readonly before: readonly string[];
  readonly roles: readonly (readonly string[])[];
  readonly after: readonly string[];
}

export function planSentences(plan: SitePlan): PlanSentences {
  return {
    before: [question(plan), embedded(plan)],
    roles: plan.roles.map(row),
    after: [cluster(plan), partitions(plan), kafka(plan), redis(plan)],
  };
}

function question({ workload }: SitePlan): string {
  const { cameras, framesPerSecond, source, model, inferenceMs, encoding, coresAMachine } = workload;
  const sent = `${source.width}x${source.height} at ${source.framesPerSecond} frames a second`;
  return `${cameras} ${cameras === 1 ? 'camera' : 'cameras'} of ${sent}, ${round(framesPerSecond)} frames a second to look at (${model.width}x${model.height}, ${inferenceMs} ms each), sent as ${encoding}; machines of ${coresAMachine} cores.`;
}

function embedded({ embedded: { because, memoryBytes, diskBytes, cores }, workload }: SitePlan): string {
  const { coresAMachine } = workload;
  if (because === 'cores') return `One machine is not enough: ${cores} cores are needed, and it has ${coresAMachine}.`;
  if (because === 'main thread') return 'One process is not enough: its main thread cannot keep up with so many frames.';
  return `One machine is enough: one process on SQLite, ${cores} of ${coresAMachine} cores, ${size(memoryBytes)} of memory, and ${size(diskBytes)} of disk (keep). What follows is the same site so that any machine may die.`;
}

function row({ role, processes, coresEach, memoryBytesEach, because }: RolePlan): string[] {
  return [role, String(processes), String(coresEach), size(memoryBytesEach), because];
}

function cluster({ machines, workload }: SitePlan): string {
  return `Machines for these processes: ${machines} of ${workload.coresAMachine} cores.`;
}

function partitions({ partitions: count }: SitePlan): string {
  return `Partitions: ${count}. Two processes never share one, and their number stays as it is: no fewer than the processes of detect or analyse that you will ever want.`;
}

function kafka({
  kafka: { frameBytes, framesBytesPerSecond, recordsBytesPerSecond, writtenBytesPerSecond, framesDiskBytes, recordsDiskBytes },
  workload,
}: SitePlan): string {
  const flow = `${size(framesBytesPerSecond)}/s of frames (${size(frameBytes)} each) and ${size(recordsBytesPerSecond)}/s of records come in, ${size(writtenBytesPerSecond)}/s are written with ${workload.replicas} replicas`;
  return `Kafka: ${flow}; disk for all brokers ${size(framesDiskBytes)} of frames and ${size(recordsDiskBytes)} of records.`;
}

function redis({ redis: { memoryBytes, commitsPerSecond } }: SitePlan): string {
  return `Redis: ${size(memoryBytes)} of memory, at most ${commitsPerSecond} commits a second.`;
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** `12.3 MiB`: three digits. */
function size(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log2(bytes) / 10)));
  return `${round(bytes / 2 ** (10 * power))} ${UNITS[power]}`;
}

/** Three digits that count. */
function round(value: number): number {
  return value >= 100 ? Math.round(value) : Number(value.toPrecision(3));
}
