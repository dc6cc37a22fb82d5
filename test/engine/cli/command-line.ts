import { vi } from 'vitest';
import { runProgram } from '../../../engine/cli/program.ts';
import { application } from '../../../site/application.ts';

export interface Said {
  readonly code: number;
  /** On standard output. */
  readonly out: string;
  /** On standard error. */
  readonly err: string;
}

/** `ocelli …` inside of this process, with the real parts behind it: what it says, and its exit code. One at a time. */
export async function ocelli(...args: string[]): Promise<Said> {
  const [out, err]: [string[], string[]] = [[], []];
  const writing = (to: string[]) => (chunk: string | Uint8Array, written?: unknown) => {
    to.push(String(chunk));
    if (typeof written === 'function') written();
    return true;
  };
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(writing(out)),
    vi.spyOn(process.stderr, 'write').mockImplementation(writing(err)),
    vi.spyOn(console, 'log').mockImplementation((text = '') => void out.push(`${text}\n`)),
    vi.spyOn(console, 'error').mockImplementation((text = '') => void err.push(`${text}\n`)),
  ];
  try {
    return { code: await runProgram(application('0.0.0-test'), args), out: out.join(''), err: err.join('') };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}
