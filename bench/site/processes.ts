/** What Linux tells of processes that run: who belongs together, their memory, the processor time of their threads. */
import { readdirSync, readFileSync } from 'node:fs';

/** A process and all that came of it. */
export function familyOf(pid: number): number[] {
  const parents = new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((name) => [Number(name), parentOf(name)]),
  );
  const children = (parent: number): number[] =>
    [...parents].filter(([, its]) => its === parent).flatMap(([child]) => [child, ...children(child)]);
  return [pid, ...children(pid)];
}

function parentOf(pid: string): number {
  return Number(/^PPid:\s+(\d+)$/m.exec(readOf(`/proc/${pid}/status`))?.[1]);
}

/** Proportional set size in KiB, by part: all of it, what is in files, what is not, what is shared memory. Pages that are shared are shared out. */
export function pssOf(pid: number): Readonly<Record<'all' | 'files' | 'anonymous' | 'shared', number>> {
  const text = readOf(`/proc/${pid}/smaps_rollup`);
  const kib = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1] ?? 0);
  return { all: kib('Pss'), files: kib('Pss_File'), anonymous: kib('Pss_Anon'), shared: kib('Pss_Shmem') };
}

/** Processor time of each thread since it began, in milliseconds, by name; threads of one name together, the first one is `main`. */
export function threadTimesOf(pid: number): Map<string, number> {
  const times = new Map<string, number>();
  for (const thread of threadsOf(pid)) {
    const name = Number(thread) === pid ? 'main' : readOf(`/proc/${pid}/task/${thread}/comm`).trim();
    const [nanoseconds] = readOf(`/proc/${pid}/task/${thread}/schedstat`).split(' ');
    times.set(name, (times.get(name) ?? 0) + Number(nanoseconds) / 1e6);
  }
  return times;
}

function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return []; // It has ended meanwhile.
  }
}

/** Empty when the process has ended meanwhile. */
function readOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
