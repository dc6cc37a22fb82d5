import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { packageRoot } from '../engine/package-root.ts';

/** The model that comes along: what `model` says by default. */
const OWN = 'models/parcels';

/** Where the model of a configuration lies: relative to its file. The one that comes along is found from every folder. */
export function modelPath(model: string, file: string): string {
  const beside = resolve(dirname(file), model);
  return model === OWN && !existsSync(beside) ? join(packageRoot(), OWN) : beside;
}
