import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const VENV = resolve(ROOT, '.cache/venv-footage');
const PYTHON = 'python3.11';

/** The folder that `python -m generator` is run from. */
export const FOOTAGE_FOLDER = resolve(ROOT, 'demo/footage');
/** The interpreter of the generator's own environment. */
export const FOOTAGE_PYTHON = `${VENV}/bin/python`;

/** Whether the generator can run here; with `check`, whether its tests can (they compare with Blender). */
export function hasFootageEnvironment(check = false): boolean {
  const modules = ['numba', 'cv2', ...(check ? ['bpy', 'pytest'] : [])];
  const probe = `import importlib.util as u; assert all(u.find_spec(name) for name in ${JSON.stringify(modules)})`;
  return existsSync(FOOTAGE_PYTHON) && spawnSync(FOOTAGE_PYTHON, ['-c', probe]).status === 0;
}

/** Makes the environment from PyPI. Throws where Python 3.11 or the packages are not to be had. */
export function makeFootageEnvironment(check = false): void {
  if (!existsSync(FOOTAGE_PYTHON)) execFileSync(PYTHON, ['-m', 'venv', VENV], { stdio: 'inherit' });
  const requirements = check ? 'requirements-check.txt' : 'requirements.txt';
  execFileSync(FOOTAGE_PYTHON, ['-m', 'pip', 'install', '-q', '-r', `${FOOTAGE_FOLDER}/generator/${requirements}`], { stdio: 'inherit' });
}
