import { constants } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../../engine/clock.ts';
import { OcelliError, sentenceOf } from '../../../engine/errors.ts';
import type { PictureFacts } from '../../health.ts';
import type { KeptPicture } from '../../protocol.ts';

export interface PictureLimits {
  /** A picture that was written longer ago is given up. */
  readonly ageMs: number;
  /** At most so much is kept, the oldest given up first. */
  readonly bytes: number;
}

interface Kept extends KeptPicture {
  readonly file: string;
  readonly bytes: number;
  readonly writtenMs: number;
}

/** camera, session, seq and number of the record that it was kept for; when it was captured. */
const FILE_NAME = /^([A-Za-z0-9][A-Za-z0-9_-]{0,63})\.(\d{1,16})\.(\d{1,16})\.(\d{1,4})\.(\d{1,16})\.jpg$/;
const PART = '.part';

/**
 * Pictures that were kept for a record, one file each, in a folder of their own. Only regular files with the name that such a picture has
 * are ever read or removed, so that nothing else can be reached through an id. Written whole or not at all.
 */
export class PictureFolder {
  private readonly folder: string;
  private readonly limits: PictureLimits;
  private readonly clock: Clock;
  /** By id, the oldest first. */
  private readonly kept: Map<string, Kept>;

  private constructor(folder: string, limits: PictureLimits, clock: Clock, kept: readonly Kept[]) {
    this.folder = folder;
    this.limits = limits;
    this.clock = clock;
    this.kept = new Map(kept.map((picture) => [picture.id, picture]));
  }

  /** Makes the folder where there is none, and finds what an earlier run left in it. */
  static async open(folder: string, clock: Clock, limits: PictureLimits): Promise<PictureFolder> {
    await mkdir(folder, { recursive: true, mode: 0o700 }).catch((cause: unknown) => {
      throw new OcelliError('CONFIG_INVALID', `Pictures of alerts are kept in ${folder}, which cannot be made: ${sentenceOf(cause)}.`, {
        cause,
      });
    });
    const entries = await readdir(folder, { withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
    await Promise.all(files.filter((name) => name.endsWith(`.jpg${PART}`)).map((name) => rm(join(folder, name), { force: true })));
    const found = await Promise.all(files.map((name) => readKept(folder, name)));
    const kept = found.filter((picture) => picture !== undefined).sort((a, b) => a.writtenMs - b.writtenMs);
    const pictures = new PictureFolder(folder, limits, clock, kept);
    await pictures.giveUpOld();
    return pictures;
  }

  /** The oldest first. */
  list(): KeptPicture[] {
    return [...this.kept.values()].map(({ id, camera, time }) => ({ id, camera, time }));
  }

  /** How much is kept, of how much there may be. */
  facts(): PictureFacts {
    const { bytes: limitBytes, ageMs: limitMs } = this.limits;
    return { count: this.kept.size, bytes: this.bytes, limitBytes, limitMs };
  }

  private get bytes(): number {
    return this.kept.values().reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** @param id of the record that it is kept for, `camera/session/seq/n`. @param time when it was captured. */
  async keep(id: string, time: number, jpeg: Uint8Array): Promise<KeptPicture> {
    const name = `${id.replaceAll('/', '.')}.${time}.jpg`;
    const picture = keptOf(name, jpeg.byteLength, this.clock.now());
    if (picture === undefined) throw new RangeError(`a picture is kept for a record camera/session/seq/n, got ${id}`);
    await writeFile(join(this.folder, name + PART), jpeg, { mode: 0o600, flush: true });
    await rename(join(this.folder, name + PART), join(this.folder, name));
    this.kept.set(id, picture);
    await this.giveUpOld();
    return { id, camera: picture.camera, time };
  }

  /** The JPEG; `undefined` when none is kept for this id. */
  async read(id: string): Promise<Buffer | undefined> {
    const picture = this.kept.get(id);
    if (picture === undefined) return undefined;
    try {
      await using file = await open(join(this.folder, picture.file), constants.O_RDONLY | constants.O_NOFOLLOW);
      return await file.readFile();
    } catch (error) {
      // Somebody cleaned up, or put a link in its place: then there is none.
      if (['ENOENT', 'ELOOP'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
      throw error;
    }
  }

  private async giveUpOld(): Promise<void> {
    const oldestMs = this.clock.now() - this.limits.ageMs;
    let total = this.bytes;
    for (const { id, file, bytes, writtenMs } of [...this.kept.values()]) {
      if (writtenMs >= oldestMs && total <= this.limits.bytes) return;
      total -= bytes;
      this.kept.delete(id);
      await rm(join(this.folder, file), { force: true });
    }
  }
}

async function readKept(folder: string, name: string): Promise<Kept | undefined> {
  if (!FILE_NAME.test(name)) return undefined;
  const { size, mtimeMs } = await stat(join(folder, name));
  return keptOf(name, size, mtimeMs);
}

function keptOf(file: string, bytes: number, writtenMs: number): Kept | undefined {
  const [, camera, session, seq, number, time] = FILE_NAME.exec(file) ?? [];
  if (camera === undefined) return undefined;
  return { id: `${camera}/${session}/${seq}/${number}`, camera, time: Number(time), file, bytes, writtenMs };
}
