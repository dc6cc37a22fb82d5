import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { OcelliError } from '../engine/errors.ts';
import { fileProblem } from './file-problem.ts';
import type { RecordingSource, Segment } from './recording-source.ts';

/** ffmpeg takes one decoder a run, so runs of one kind are decoded together. */
const KINDS: Readonly<Record<string, string>> = { '.png': 'png', '.jpg': 'jpg', '.jpeg': 'jpg' };

/** A folder of PNG and JPEG files as a recording, in natural order: `2.png` stands before `10.png`. */
export function imageFolder(path: string): RecordingSource {
  let links: string | undefined;
  const close = async () => {
    if (links !== undefined) await rm(links, { recursive: true, force: true });
    links = undefined;
  };
  return {
    close,
    fingerprint: async () => fingerprintOf(path, await imagesIn(path)),
    open: async () => {
      await close();
      links = await mkdtemp(join(tmpdir(), 'ocelli-images-'));
      return link(path, await imagesIn(path), links);
    },
  };
}

async function imagesIn(path: string): Promise<string[]> {
  const names = await readdir(path).catch((cause: unknown) => {
    throw fileProblem(path, cause);
  });
  const images = inNaturalOrder(names.filter((name) => kindOf(name) !== undefined && !name.startsWith('.')));
  if (images.length === 0) throw new OcelliError('CAMERA_NOT_FOUND', `The folder "${path}" holds no .png, .jpg or .jpeg file.`);
  return images;
}

/** Numbers inside names count as numbers; the same on every machine, whatever its language. */
export function inNaturalOrder(names: readonly string[]): string[] {
  const { compare } = new Intl.Collator('en', { numeric: true });
  return [...names].sort((a, b) => compare(a, b) || (a < b ? -1 : 1));
}

function kindOf(name: string): string | undefined {
  return KINDS[extname(name).toLowerCase()];
}

async function fingerprintOf(path: string, images: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const name of images) {
    const { size, mtimeMs } = await stat(join(path, name));
    hash.update(`${name}\0${size}\0${mtimeMs}\0`);
  }
  return hash.digest('hex');
}

/** Numbered links: ffmpeg's own patterns know neither natural order nor every name. */
async function link(path: string, images: readonly string[], links: string): Promise<Segment[]> {
  const segments: Segment[] = [];
  for (const [first, names] of runsOfOneKind(images)) {
    const kind = kindOf(names[0] as string) as string;
    const linkOf = (index: number) => join(links, `${first}-${String(index).padStart(9, '0')}.${kind}`);
    await Promise.all(names.map((name, index) => symlink(join(path, name), linkOf(index))));
    segments.push({ input: { kind: 'images', pattern: join(links, `${first}-%09d.${kind}`) }, framesBefore: first, frames: names.length });
  }
  return segments;
}

function runsOfOneKind(images: readonly string[]): [first: number, names: string[]][] {
  const runs: [number, string[]][] = [];
  for (const [index, name] of images.entries()) {
    const run = runs.at(-1)?.[1];
    if (run !== undefined && kindOf(run[0] as string) === kindOf(name)) run.push(name);
    else runs.push([index, [name]]);
  }
  return runs;
}
