import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { canonicalJson, parseExactJson } from '../../models/evaluation/canonical-json.ts';
import {
  checkFiles,
  checkSplits,
  type DatasetManifest,
  type ManifestFrame,
  readManifest,
} from '../../models/evaluation/dataset-manifest.ts';

const CONTENT = 'a picture';
const SHA = hashOf(CONTENT);
const ANNOTATIONS = '{}';

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function frame(changes: Partial<ManifestFrame> = {}): ManifestFrame {
  return { file: 'a.jpg', sha256: SHA, scene: 'scene-1', split: 'holdout', ...changes };
}

function manifestOf(...frames: ManifestFrame[]): DatasetManifest {
  const annotations = { train: 'c'.repeat(64), val: 'd'.repeat(64), holdout: hashOf(ANNOTATIONS) };
  const body = { name: 'squares', annotations, frames };
  return { ...body, sha256: hashOf(canonicalJson(body)) };
}

describe('canonical JSON', () => {
  it('equals what Python writes, long numbers and letters beyond ASCII included', () => {
    const text = '{"b": [1, 2.5, 8514512033391371287, -9007199254740993], "a": {"ü": "é\\"\\u0001", "t": true, "n": null}}';
    // json.dumps(json.loads(text), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    const python = '{"a":{"n":null,"t":true,"ü":"é\\"\\u0001"},"b":[1,2.5,8514512033391371287,-9007199254740993]}';
    expect(canonicalJson(parseExactJson(text))).toBe(python);
  });
});

describe('a data set', () => {
  const other = { file: 'b.jpg', sha256: 'b'.repeat(64), scene: 'scene-2', split: 'train' } as const;

  it('is accepted when its splits share nothing, and a scene has many frames in one split', () => {
    expect(() => checkSplits(manifestOf(frame(), frame({ file: 'c.jpg', sha256: 'c'.repeat(64) }), other))).not.toThrow();
  });

  it.each([
    ['a picture in two splits', { ...other, sha256: SHA }, 'sha256'],
    ['a file in two splits', { ...other, file: 'a.jpg' }, 'file a.jpg'],
    ['a scene in two splits', { ...other, scene: 'scene-1' }, 'scene scene-1'],
    ['a picture twice in one split', frame({ file: 'b.jpg' }), 'sha256'],
  ])('is refused with %s', (_what, second, sentence) => {
    expect(() => checkSplits(manifestOf(frame(), second))).toThrow(sentence);
    expect(() => checkSplits(manifestOf(frame(), second))).toThrow('stands twice: holdout/a.jpg and ');
  });
});

describe('the files of a data set', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ocelli-dataset-'));
    mkdirSync(join(folder, 'holdout/images'), { recursive: true });
    writeFileSync(join(folder, 'holdout/images/a.jpg'), CONTENT);
    writeFileSync(join(folder, 'holdout/annotations.json'), ANNOTATIONS);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function write(manifest: unknown): void {
    writeFileSync(join(folder, 'manifest.json'), typeof manifest === 'string' ? manifest : JSON.stringify(manifest));
  }

  it('are accepted as the manifest says', async () => {
    write(manifestOf(frame(), frame({ file: 'elsewhere.jpg', sha256: 'e'.repeat(64), split: 'train' })));
    expect(await checkFiles(folder, await readManifest(folder), 'holdout')).toBe(1);
  });

  it('are refused when one byte of a picture differs, naming file and hashes', async () => {
    writeFileSync(join(folder, 'holdout/images/a.jpg'), 'A picture');
    await expect(checkFiles(folder, manifestOf(frame()), 'holdout')).rejects.toThrow(
      `a.jpg: the manifest says SHA-256 ${SHA}, the file has ${hashOf('A picture')}`,
    );
  });

  it('are refused when the annotations differ', async () => {
    writeFileSync(join(folder, 'holdout/annotations.json'), '{ }');
    await expect(checkFiles(folder, manifestOf(frame()), 'holdout')).rejects.toThrow('annotations.json: the manifest says SHA-256');
  });

  it('are refused when one is missing', async () => {
    await expect(checkFiles(folder, manifestOf(frame({ file: 'gone.jpg' })), 'holdout')).rejects.toThrow(
      'gone.jpg: is in the manifest and cannot be read',
    );
  });

  it.each([
    ['is no JSON', 'frames', 'expected the manifest of a data set'],
    ['has a wrong hash', manifestOf(frame({ sha256: 'xyz' })), 'frames.0.sha256'],
    ['knows another split', manifestOf(frame({ split: 'test' as 'val' })), 'frames.0.split'],
    ['names a file outside of its folder', manifestOf(frame({ file: '../a.jpg' })), 'frames.0.file'],
    ['was changed by hand', { ...manifestOf(frame()), name: 'circles' }, 'it says that its own SHA-256 is'],
  ])('are refused when the manifest %s', async (_fault, manifest, sentence) => {
    write(manifest);
    await expect(readManifest(folder)).rejects.toThrow(sentence);
  });

  it('are refused without a manifest', async () => {
    await expect(readManifest(folder)).rejects.toThrow('expected the manifest of a data set');
  });
});
