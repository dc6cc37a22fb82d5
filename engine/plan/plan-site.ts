import { MEASURED } from './measured-costs.ts';
import { type KafkaPlan, planKafka } from './plan-kafka.ts';
import type { Workload } from './workload.ts';

/** The share of its cores, and of its main thread, that a process should have to do: the rest is for bursts and for what dies. */
export const LOAD = 0.7;
/** One may die, or be replaced by the next version. */
const FEWEST = 2;
/** State is written at most so often by a task, whatever the frame rate. */
const COMMITS_A_SECOND = 2;
/** What Redis needs for a key beside what lies in it, and the sessions and leases of a camera. */
const REDIS_BYTES_A_CAMERA = 1024;
/** Two processes cannot share a partition, and the number of partitions stays: so many times more than are needed now. */
const GROWTH = 4;
const FEWEST_PARTITIONS = 8;
/** More is a second site: `partitions` of the configuration goes no further. */
const MOST_PARTITIONS = 1000;

/** How many processes of a role, and how large each. */
export interface RolePlan {
  readonly role: 'connect' | 'detect' | 'analyse' | 'serve';
  readonly processes: number;
  readonly coresEach: number;
  readonly memoryBytesEach: number;
  /** What decides their number. */
  readonly because: 'one may die' | 'main thread' | 'cores';
}

/** The same site in one process, on SQLite. */
export interface EmbeddedPlan {
  readonly enough: boolean;
  readonly cores: number;
  readonly memoryBytes: number;
  /** Of the log, for as long as its topics are kept. */
  readonly diskBytes: number;
  /** Why it is not enough. */
  readonly because?: 'main thread' | 'cores';
}

/** What a site needs. */
export interface SitePlan {
  readonly workload: Workload;
  readonly embedded: EmbeddedPlan;
  readonly roles: readonly RolePlan[];
  readonly machines: number;
  readonly partitions: number;
  readonly kafka: KafkaPlan;
  readonly redis: { readonly memoryBytes: number; readonly commitsPerSecond: number };
}

/** What a site needs, from what was measured (`measured-costs.ts`). */
export function planSite(workload: Workload): SitePlan {
  const roles = planRoles(workload);
  const partitions = partitionsFor(roles);
  const cores = roles.reduce((sum, { processes, coresEach }) => sum + processes * coresEach, 0);
  return {
    workload,
    embedded: planEmbedded(workload),
    roles,
    machines: Math.max(FEWEST, Math.ceil(cores / workload.coresAMachine)),
    partitions,
    kafka: planKafka(workload),
    redis: {
      memoryBytes: workload.cameras * (MEASURED.stateOfCamera.value + REDIS_BYTES_A_CAMERA),
      commitsPerSecond: COMMITS_A_SECOND * Math.min(partitions, workload.cameras),
    },
  };
}

function planRoles(workload: Workload): RolePlan[] {
  const { cameras, framesPerSecond, inferenceMs, encoding, model } = workload;
  const sizes = (model.width * model.height) / MEASURED_PIXELS;
  const travel = TRAVEL[encoding];
  return [
    role('connect', workload, {
      mainMs: framesPerSecond * sizes * travel.sendMain.value,
      otherMs: framesPerSecond * sizes * (travel.send.value - travel.sendMain.value) + cameras * decodeMsPerSecond(workload),
      memoryBytes: cameras * MEASURED.camera.value,
    }),
    role('detect', workload, {
      mainMs: framesPerSecond * (sizes * travel.receiveMain.value + MEASURED.followed.value),
      otherMs: framesPerSecond * (sizes * (travel.receive.value - travel.receiveMain.value) + inferenceMs),
    }),
    role('analyse', workload, { mainMs: framesPerSecond * MEASURED.followed.value }),
    role('serve', workload, {}),
  ];
}

/** The frame that sending and receiving were measured with; both grow with its bytes. */
const MEASURED_PIXELS = 320 * 192;
const { sendJpeg, sendJpegMain, receiveJpeg, receiveJpegMain, sendRaw, sendRawMain, receiveRaw, receiveRawMain } = MEASURED;
const TRAVEL = {
  jpeg: { send: sendJpeg, sendMain: sendJpegMain, receive: receiveJpeg, receiveMain: receiveJpegMain },
  raw: { send: sendRaw, sendMain: sendRawMain, receive: receiveRaw, receiveMain: receiveRawMain },
};

interface Demand {
  /** Work of main threads in a second, of all processes. */
  readonly mainMs?: number;
  /** Work of all other threads and of ffmpeg. */
  readonly otherMs?: number;
  readonly memoryBytes?: number;
}

function role(name: RolePlan['role'], { coresAMachine }: Workload, { mainMs = 0, otherMs = 0, memoryBytes = 0 }: Demand): RolePlan {
  const cores = (mainMs + otherMs) / 1000 / LOAD;
  const byMain = Math.ceil(mainMs / 1000 / LOAD);
  const byCores = Math.ceil(cores / coresAMachine);
  const processes = Math.max(FEWEST, byMain, byCores);
  return {
    role: name,
    processes,
    coresEach: Math.max(1, Math.ceil(cores / processes)),
    memoryBytesEach: Math.ceil(MEASURED.process.value + memoryBytes / processes),
    because: processes === FEWEST ? 'one may die' : byCores >= byMain ? 'cores' : 'main thread',
  };
}

function decodeMsPerSecond({ source }: Workload): number {
  return (source.framesPerSecond * source.width * source.height * MEASURED.decodeMegapixel.value) / 1e6;
}

/** The partition that a camera is given is never changed, and neither is their number: so it has to do for years. */
function partitionsFor(roles: readonly RolePlan[]): number {
  const groups = roles.filter((one) => one.role === 'detect' || one.role === 'analyse').map(({ processes }) => processes);
  return Math.min(MOST_PARTITIONS, Math.max(FEWEST_PARTITIONS, GROWTH * Math.max(...groups)));
}

function planEmbedded(workload: Workload): EmbeddedPlan {
  const { cameras, framesPerSecond, inferenceMs, coresAMachine } = workload;
  const mainMs = framesPerSecond * MEASURED.embeddedMain.value;
  const cores = Math.ceil((mainMs + framesPerSecond * inferenceMs + cameras * decodeMsPerSecond(workload)) / 1000 / LOAD);
  const short = mainMs > 1000 * LOAD ? 'main thread' : cores > coresAMachine ? 'cores' : undefined;
  return {
    enough: short === undefined,
    ...(short === undefined ? {} : { because: short }),
    cores,
    memoryBytes: Math.ceil(MEASURED.process.value + cameras * MEASURED.camera.value),
    diskBytes: planKafka({ ...workload, replicas: 1 }).recordsDiskBytes,
  };
}
