import { readdirSync, readFileSync } from 'node:fs';

/** Ticks a second of /proc, https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html: 100 on every Linux that Node runs on. */
const TICK_MS = 10;

interface Stat {
  readonly parent: number;
  readonly name: string;
  /** Of its own, and of children that have ended. */
  readonly cpuMs: number;
}

/** Processor time so far of a process and of all that it started, in milliseconds. Linux. */
export function cpuOfTree(pid: number): number {
  const all = stats();
  const sum = (one: number): number =>
    (all.get(one)?.cpuMs ?? 0) + [...all].filter(([, { parent }]) => parent === one).reduce((ms, [child]) => ms + sum(child), 0);
  return sum(pid);
}

/** The process of this name among all that this process started: a broker. */
export function descendant(name: string): number {
  const all = stats();
  const isOurs = (pid: number): boolean => pid === process.pid || (pid > 1 && isOurs(all.get(pid)?.parent ?? 0));
  const [found] = [...all].filter(([pid, stat]) => stat.name === name && isOurs(pid));
  if (found === undefined) throw new Error(`No process ${name} was started here.`);
  return found[0];
}

/** Memory of a process and of all that it started, in bytes: shared pages count in parts. */
export function memoryOfTree(pid: number): number {
  const all = stats();
  const sum = (one: number): number =>
    memoryOf(one) + [...all].filter(([, { parent }]) => parent === one).reduce((bytes, [child]) => bytes + sum(child), 0);
  return sum(pid);
}

function memoryOf(pid: number): number {
  try {
    return 1024 * Number(/^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0; // It ended meanwhile.
  }
}

function stats(): Map<number, Stat> {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return new Map(pids.flatMap((pid) => statOf(pid)));
}

function statOf(pid: string): [number, Stat][] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const name = text.slice(text.indexOf('(') + 1, text.lastIndexOf(')'));
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const [utime = 0, stime = 0, cutime = 0, cstime = 0] = fields.slice(11, 15);
    return [[Number(pid), { name, parent: fields[1] ?? 0, cpuMs: TICK_MS * (utime + stime + cutime + cstime) }]];
  } catch {
    return []; // It ended meanwhile.
  }
}
