import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The folder of `package.json`: of the repository, where this is TypeScript, or of the installed package, where it is JavaScript below
 * `dist/`. What is no program (pages, the model, clips) lies in the same place in both.
 */
export function packageRoot(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'package.json'))) {
    if (folder === dirname(folder)) throw new Error(`There is no package.json above ${import.meta.dirname}: install Ocelli again.`);
    folder = dirname(folder);
  }
  return folder;
}
