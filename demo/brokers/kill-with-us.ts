import { type ChildProcess, spawn } from 'node:child_process';

/**
 * Keeps a process from outliving this one: a guardian kills it when our end of a pipe closes, whatever closes it.
 *
 * @param folders removed then
 * @returns the guardian, to be killed once the process has ended by itself
 */
export function killWithUs(pid: number | undefined, ...folders: readonly string[]): ChildProcess {
  const script = 'cat >/dev/null; pid="$0"; kill -9 "$pid" 2>/dev/null; [ $# -eq 0 ] || rm -rf -- "$@"';
  return spawn('sh', ['-c', script, String(pid), ...folders], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
}
