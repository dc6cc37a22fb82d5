import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const VENV = fileURLToPath(new URL('../../.cache/consumer/venv', import.meta.url));
const REQUIREMENTS = fileURLToPath(new URL('../../samples/python/requirements.txt', import.meta.url));

/** The interpreter that the Python samples are run with. */
export const SAMPLE_PYTHON = `${VENV}/bin/python`;

export function hasSamplePackages(): boolean {
  return existsSync(SAMPLE_PYTHON) && spawnSync(SAMPLE_PYTHON, ['-c', 'import confluent_kafka'], { stdio: 'ignore' }).status === 0;
}

/** Makes an environment of its own for the samples, from PyPI. Throws where that cannot be had. */
export function installSamplePackages(): void {
  if (!existsSync(SAMPLE_PYTHON)) execFileSync('python3', ['-m', 'venv', VENV], { stdio: 'inherit' });
  execFileSync(SAMPLE_PYTHON, ['-m', 'pip', 'install', '-q', '-r', REQUIREMENTS], { stdio: 'inherit' });
}
