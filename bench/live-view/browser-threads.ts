import { readdirSync, readFileSync } from 'node:fs';

const CLOCK_TICKS_A_SECOND = 100;

/** Processor time so far of the threads of the browser under a process, in milliseconds by name, renderers and the process that composes together (Linux). */
export function threadsMs(ancestor: number): Map<string, number> {
  const times = new Map<string, number>();
  for (const pid of descendants(ancestor).filter(isBrowser)) {
    for (const thread of list(`/proc/${pid}/task`)) {
      const { name, ms } = readThread(`/proc/${pid}/task/${thread}/stat`);
      times.set(name, (times.get(name) ?? 0) + ms);
    }
  }
  return times;
}

function isBrowser(pid: number): boolean {
  return /--type=(renderer|gpu-process)/.test(read(`/proc/${pid}/cmdline`));
}

function descendants(ancestor: number): number[] {
  const children = list(`/proc/${ancestor}/task`).flatMap((thread) =>
    read(`/proc/${ancestor}/task/${thread}/children`).split(' ').filter(Boolean).map(Number),
  );
  return [...children, ...children.flatMap(descendants)];
}

function readThread(path: string): { readonly name: string; readonly ms: number } {
  const [, name = '', rest = ''] = /\((.*)\) (.*)/.exec(read(path)) ?? [];
  const fields = rest.split(' ');
  return { name, ms: ((Number(fields[11]) + Number(fields[12])) * 1000) / CLOCK_TICKS_A_SECOND || 0 };
}

/** A thread may have ended since it was listed. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function list(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
