import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FOOTAGE_FOLDER, FOOTAGE_PYTHON } from '../../demo/footage/environment.ts';
import { has } from '../requirements.ts';

interface Manifest {
  readonly files: readonly { readonly file: string; readonly sha256: string; readonly bytes: number }[];
}

describe('the footage', () => {
  it('is what its manifest says', () => {
    const { files } = JSON.parse(readFileSync(join(FOOTAGE_FOLDER, 'manifest.json'), 'utf8')) as Manifest;
    expect(files.length).toBeGreaterThanOrEqual(16);
    for (const { file, sha256 } of files) {
      expect(
        createHash('sha256')
          .update(readFileSync(join(FOOTAGE_FOLDER, file)))
          .digest('hex'),
        file,
      ).toBe(sha256);
    }
  });

  it.skipIf(!has('footage'))('has a ground truth that agrees with masks that Blender renders', { timeout: 240_000 }, () => {
    const run = spawnSync(FOOTAGE_PYTHON, ['-m', 'pytest', '-q', 'generator/tests'], { cwd: FOOTAGE_FOLDER, encoding: 'utf8' });
    expect(run.status, `${run.stdout}${run.stderr}`).toBe(0);
  });
});
