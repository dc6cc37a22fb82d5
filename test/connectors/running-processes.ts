import { readdirSync, readFileSync } from 'node:fs';

interface Running {
  readonly pid: number;
  /** The program and its arguments. */
  readonly command: readonly string[];
}

/** Everything that runs on this machine. A zombie does not run. */
export function runningProcesses(): Running[] {
  return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? processOf(Number(name)) : []));
}

function processOf(pid: number): Running[] {
  try {
    const state = /^State:\s+(\w)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return state === 'Z' ? [] : [{ pid, command: readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0') }];
  } catch {
    return []; // It ended while we looked.
  }
}
