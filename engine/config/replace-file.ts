import { randomUUID } from 'node:crypto';
import { type FileHandle, open, realpath, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * Replaces a text file in one step: readers see the old text or the new one, also after a crash. Mode and owner stay, a link is followed.
 * A new file can be read by its owner alone, since it may hold passwords.
 * @param isStill called right before the step; when it says no, nothing is done.
 * @returns whether the file was replaced
 */
export async function replaceFile(path: string, text: string, isStill: () => Promise<boolean>): Promise<boolean> {
  const file = await realpath(path).catch(ifMissing(path));
  const temporary = join(dirname(file), `.${basename(file)}.${randomUUID()}`);
  try {
    await write(temporary, text, await stat(file).catch(ifMissing(undefined)));
    if (!(await isStill())) return await unlink(temporary).then(() => false);
    await rename(temporary, file);
  } catch (error) {
    await unlink(temporary).catch(ifMissing(undefined));
    throw error;
  }
  await sync(await open(dirname(file)));
  return true;
}

interface Kept {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

async function write(path: string, text: string, kept: Kept | undefined): Promise<void> {
  const handle = await open(path, 'wx', 0o600);
  if (kept !== undefined) await keep(handle, kept).catch(closing(handle));
  await handle.writeFile(text).catch(closing(handle));
  await sync(handle);
}

/** The mode comes last: a change of owner takes bits away from it. */
async function keep(handle: FileHandle, { mode, uid, gid }: Kept): Promise<void> {
  const own = await handle.stat();
  if (own.uid !== uid || own.gid !== gid) await handle.chown(uid, gid);
  await handle.chmod(mode & 0o7777);
}

async function sync(handle: FileHandle): Promise<void> {
  await handle.sync().catch(closing(handle));
  await handle.close();
}

function closing(handle: FileHandle): (error: unknown) => Promise<never> {
  return async (error) => {
    await handle.close();
    throw error;
  };
}

function ifMissing<T>(value: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === 'ENOENT') return value;
    throw error;
  };
}
