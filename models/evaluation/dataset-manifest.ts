import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { OcelliError, sentenceOf } from '../../engine/errors.ts';
import { canonicalJson, parseExactJson } from './canonical-json.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits');
const frame = z.object({
  /** The picture's name in `<split>/images/`. */
  file: z.string().regex(/^[\w-][\w.-]*$/, 'expected the name of a file without a folder'),
  sha256,
  scene: z.string().min(1),
  split: z.enum(['train', 'val', 'holdout']),
});
const manifest = z.object({
  name: z.string().min(1),
  sha256,
  /** Hashes of `<split>/annotations.json`. */
  annotations: z.object({ train: sha256, val: sha256, holdout: sha256 }),
  frames: z.array(frame).min(1),
});

/** What a version of a data set consists of: every frame of all splits, with its hash and the scene that it shows. */
export type DatasetManifest = z.infer<typeof manifest>;
export type ManifestFrame = DatasetManifest['frames'][number];
export type SplitName = ManifestFrame['split'];

/**
 * Reads `manifest.json` of a data set's folder. Its `sha256` is the hash of all the rest in canonical form, the identity of the data set.
 *
 * @throws INPUT_INVALID when it is missing, has another shape, or another hash than it says.
 */
export async function readManifest(folder: string): Promise<DatasetManifest> {
  const file = join(folder, 'manifest.json');
  const parsed = await readJson(file);
  const result = manifest.safeParse(parsed);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw invalid(`${file}: ${issue?.path.join('.')}: ${issue?.message}`);
  }
  const { sha256: stated, ...body } = parsed as { readonly [key: string]: string };
  const found = createHash('sha256').update(canonicalJson(body)).digest('hex');
  if (found !== stated) throw invalid(`${file}: it says that its own SHA-256 is ${stated}, its content has ${found}`);
  return result.data;
}

async function readJson(file: string) {
  try {
    return parseExactJson(await readFile(file, 'utf8'));
  } catch (error) {
    throw invalid(`${file}: expected the manifest of a data set: ${sentenceOf(error)}`, error);
  }
}

/** Refuses a data set in which a scene is in two splits or a picture stands twice: what was trained on cannot measure. Throws INPUT_INVALID. */
export function checkSplits({ frames }: DatasetManifest): void {
  for (const key of ['sha256', 'file', 'scene'] as const) {
    const seen = new Map<string, ManifestFrame>();
    for (const entry of frames) {
      const other = seen.get(entry[key]);
      if (other !== undefined && (key !== 'scene' || other.split !== entry.split)) {
        throw invalid(`${key} ${entry[key]} stands twice: ${other.split}/${other.file} and ${entry.split}/${entry.file}`);
      }
      seen.set(entry[key], entry);
    }
  }
}

/** Compares the files of a split with the manifest, byte by byte; returns how many pictures. Throws INPUT_INVALID naming the first that differs. */
export async function checkFiles(folder: string, { annotations, frames }: DatasetManifest, split: SplitName): Promise<number> {
  await checkFile(join(folder, split, 'annotations.json'), annotations[split]);
  const pictures = frames.filter((entry) => entry.split === split);
  for (const picture of pictures) await checkFile(join(folder, split, 'images', picture.file), picture.sha256);
  return pictures.length;
}

async function checkFile(file: string, wanted: string): Promise<void> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw invalid(`${file}: is in the manifest and cannot be read: ${sentenceOf(error)}`, error);
  });
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== wanted) throw invalid(`${file}: the manifest says SHA-256 ${wanted}, the file has ${found}`);
}

function invalid(sentence: string, cause?: unknown): OcelliError {
  return new OcelliError('INPUT_INVALID', `data set: ${sentence}.`, { cause });
}
