import { OcelliError, sentenceOf } from '../engine/errors.ts';

/** The sentence for a file or folder that cannot be opened. */
export function fileProblem(path: string, cause: unknown): OcelliError {
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  if (code === 'ENOENT')
    return new OcelliError('CAMERA_NOT_FOUND', `There is no file or folder "${path}". Correct the address.`, { cause });
  const known: Record<string, string> = { EACCES: 'this program may not read it', EMFILE: 'too many files are open on this machine' };
  return new OcelliError('CAMERA_LOCAL', `"${path}" cannot be opened: ${known[code ?? ''] ?? sentenceOf(cause)}.`, { cause });
}
