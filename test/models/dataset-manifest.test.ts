import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkFiles, checkSplits, type ManifestFrame, readManifest } from '../../models/evaluation/dataset-manifest.ts';

const CONTENT = 'a picture';
const SHA = createHash('sha256').update(CONTENT).digest('hex');

function frame(changes: Partial<ManifestFrame> = {}): ManifestFrame {
  return { file: 'a.jpg', sha256: SHA, scene: 'scene-1', split: 'holdout', ...changes };
}

function manifestOf(...frames: ManifestFrame[]) {
  return { name: 'squares', sha256: 'f'.repeat(64), frames };
}

describe('a data set', () => {
  const other = { file: 'b.jpg', sha256: 'b'.repeat(64), scene: 'scene-2', split: 'train' } as const;

  it('is accepted when its splits share nothing, and a scene has many frames in one split', () => {
    expect(() => checkSplits(manifestOf(frame(), frame({ file: 'c.jpg', sha256: 'c'.repeat(64) }), other))).not.toThrow();
  });

  it.each([
    ['a picture', { ...other, sha256: SHA }, 'sha256'],
    ['a file', { ...other, file: 'a.jpg' }, 'file a.jpg'],
    ['a scene', { ...other, scene: 'scene-1' }, 'scene scene-1'],
  ])('is refused with %s in two splits', (_what, second, sentence) => {
    expect(() => checkSplits(manifestOf(frame(), second))).toThrow(sentence);
    expect(() => checkSplits(manifestOf(frame(), second))).toThrow('is in two splits');
  });
});

describe('the files of a data set', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ocelli-dataset-'));
    writeFileSync(join(folder, 'a.jpg'), CONTENT);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('are accepted as the manifest says', async () => {
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifestOf(frame())));
    await checkFiles(folder, (await readManifest(folder)).frames);
  });

  it('are refused when one byte differs, naming file and hashes', async () => {
    writeFileSync(join(folder, 'a.jpg'), 'A picture');
    await expect(checkFiles(folder, [frame()])).rejects.toThrow(new RegExp(`a\\.jpg: the manifest says SHA-256 ${SHA}, the file has `));
  });

  it('are refused when one is missing', async () => {
    await expect(checkFiles(folder, [frame({ file: 'gone.jpg' })])).rejects.toThrow('gone.jpg: is in the manifest and cannot be read');
  });

  it.each([
    ['is missing', undefined, 'expected the manifest of a data set'],
    ['is no JSON', 'frames', 'is no JSON'],
    ['has a wrong hash', JSON.stringify(manifestOf(frame({ sha256: 'xyz' }))), 'frames.0.sha256'],
    ['knows another split', JSON.stringify(manifestOf(frame({ split: 'test' as 'val' }))), 'frames.0.split'],
  ])('are refused when the manifest %s', async (_fault, content, sentence) => {
    if (content !== undefined) writeFileSync(join(folder, 'manifest.json'), content);
    await expect(readManifest(folder)).rejects.toThrow(sentence);
  });
});
