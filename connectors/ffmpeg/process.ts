import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

/** How long a process may take to end by itself when it was asked to, before it is killed. */
export const TERM_LIMIT_MS = 2000;

/**
 * Runs a program under a small shell that outlives us by a moment: it reads orders (names of signals) from descriptor 3, and when that
 * pipe closes, because we died in whatever way, it kills the program. That holds while the program hangs in a system call or in
 * `connect`, on Linux and macOS alike. The shell also reaps both children, so that nothing is left for process 1.
 */
const KEEPER = `
"$@" 3<&- </dev/null &
program=$!
exec >/dev/null 2>&1 4>&- 5>&-
( while read -r order; do kill -s "$order" "$program"; done; kill -s KILL "$program" ) <&3 3<&- &
watch=$!
exec 3<&-
wait "$program"
status=$?
kill -s KILL "$watch"
wait "$watch"
exit "$status"
`;

export interface Exit {
  /** Of the program; 128 and more: it was ended by a signal. `undefined`: it could not be started. */
  readonly code: number | undefined;
}

/** Descriptors of a child beside its standard ones: one more that it writes to, and one that it reads from. */
export const OUTPUT_FD = 4;
export const INPUT_FD = 5;

/** Orders for a running child. */
export interface KeptProcess {
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** The other ends of `OUTPUT_FD` and `INPUT_FD`, where they were asked for. */
  readonly output: Readable | undefined;
  readonly input: Writable | undefined;
  /** Of the shell; the program is its child. */
  readonly pid: number | undefined;
  signal(name: 'TERM' | 'KILL'): void;
}

/**
 * Starts a program in a process group of its own, so that Ctrl-C in the terminal reaches only us. `pipes` are those of the further
 * descriptors that it uses. `exited` is called once, when the program has ended and everything that it wrote was read.
 */
export function startKept(path: string, argv: readonly string[], pipes: readonly number[], exited: (exit: Exit) => void): KeptProcess {
  const further = [OUTPUT_FD, INPUT_FD].map((fd) => (pipes.includes(fd) ? 'pipe' : 'ignore'));
  const stdio = ['ignore', 'pipe', 'pipe', 'pipe', ...further] as const;
  const child = spawn('/bin/sh', ['-c', KEEPER, 'ocelli', path, ...argv], { stdio: [...stdio], detached: true, env: minimalEnv() });
  const control = child.stdio[3] as Writable;
  control.on('error', () => undefined); // EPIPE: the program has ended by itself, which `exited` tells.
  tellExitOnce(child, control, exited);
  return {
    stdout: child.stdout as Readable,
    stderr: child.stderr as Readable,
    output: (child.stdio[OUTPUT_FD] ?? undefined) as Readable | undefined,
    input: (child.stdio[INPUT_FD as 4] ?? undefined) as Writable | undefined,
    pid: child.pid,
    signal: (name) => control.write(`${name}\n`),
  };
}

function tellExitOnce(child: ChildProcess, control: Writable, exited: (exit: Exit) => void): void {
  let told = false;
  const tell = (code: number | undefined) => {
    control.destroy();
    if (!told) exited({ code });
    told = true;
  };
  child.once('error', () => tell(undefined));
  child.once('close', (code, signal) => tell(code ?? (signal === null ? undefined : 128)));
}

/** Nothing of our own environment: it may hold secrets. */
function minimalEnv(): NodeJS.ProcessEnv {
  const names = ['PATH', 'LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH', 'TMPDIR'];
  const kept = names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]));
  return { ...Object.fromEntries(kept), AV_LOG_FORCE_NOCOLOR: '1', LC_ALL: 'C' };
}
