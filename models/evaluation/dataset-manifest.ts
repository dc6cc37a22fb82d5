import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { OcelliError, sentenceOf } from '../../engine/errors.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits');
const frame = z.object({
  /** Relative to the folder of the manifest. */
  file: z.string().min(1),
  sha256,
  scene: z.union([z.string().min(1), z.int()]),
  split: z.enum(['train', 'val', 'holdout']),
});
const manifest = z.object({ name: z.string().min(1), sha256, frames: z.array(frame).min(1) });

/** What a version of a data set consists of: every frame of all splits, with its hash and the scene that it shows. */
export type DatasetManifest = z.infer<typeof manifest>;
export type ManifestFrame = DatasetManifest['frames'][number];

/** Reads `manifest.json` of a data set's folder. Throws INPUT_INVALID. */
export async function readManifest(folder: string): Promise<DatasetManifest> {
  const file = join(folder, 'manifest.json');
  const content = await readFile(file, 'utf8').catch((error: unknown) => {
    throw invalid(`${file}: expected the manifest of a data set: ${sentenceOf(error)}`, error);
  });
  const result = manifest.safeParse(parseJson(file, content));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw invalid(`${file}: ${issue?.path.join('.')}: ${issue?.message}`);
}

/** Refuses a data set in which a picture, a file or a scene is in two splits: what was trained on cannot measure. Throws INPUT_INVALID. */
export function checkSplits({ frames }: DatasetManifest): void {
  for (const key of ['sha256', 'file', 'scene'] as const) {
    const seen = new Map<string | number, ManifestFrame>();
    for (const entry of frames) {
      const other = seen.get(entry[key]);
      if (other !== undefined && other.split !== entry.split) {
        throw invalid(`${key} ${entry[key]} is in two splits: ${other.file} in ${other.split} and ${entry.file} in ${entry.split}`);
      }
      seen.set(entry[key], entry);
    }
  }
}

/** Compares the files of a split with the manifest, byte by byte. Throws INPUT_INVALID naming the first file that is missing or differs. */
export async function checkFiles(folder: string, frames: readonly ManifestFrame[]): Promise<void> {
  for (const { file, sha256: wanted } of frames) {
    const bytes = await readFile(join(folder, file)).catch((error: unknown) => {
      throw invalid(`${join(folder, file)}: is in the manifest and cannot be read: ${sentenceOf(error)}`, error);
    });
    const found = createHash('sha256').update(bytes).digest('hex');
    if (found !== wanted) throw invalid(`${join(folder, file)}: the manifest says SHA-256 ${wanted}, the file has ${found}`);
  }
}

function parseJson(file: string, content: string): unknown {
  try {
    return JSON.parse(content);
  } catch (error) {
    throw invalid(`${file}: is no JSON: ${sentenceOf(error)}`, error);
  }
}

function invalid(sentence: string, cause?: unknown): OcelliError {
  return new OcelliError('INPUT_INVALID', `data set: ${sentence}.`, { cause });
}
