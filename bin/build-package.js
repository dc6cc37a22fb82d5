// Makes dist/, which the package ships: JavaScript with its types, and what is read beside it. Node refuses TypeScript below node_modules.
import { execFileSync } from 'node:child_process';
import { cpSync, globSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const PARTS = ['site', 'engine', 'connectors', 'operators', 'ui/server', 'demo/cameras'];
/** What is no program and no document: scripts that are sent elsewhere, say. */
const BESIDE = /\.(?!ts$|md$)\w+$/;

const unfinished = mkdtempSync(join(tmpdir(), 'ocelli-dist-'));
try {
  compile(unfinished);
  copyWhatLiesBeside(unfinished);
  rmSync(join(ROOT, 'dist'), { recursive: true, force: true });
  cpSync(unfinished, join(ROOT, 'dist'), { recursive: true });
} finally {
  rmSync(unfinished, { recursive: true, force: true });
}

function compile(folder) {
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
  execFileSync(process.execPath, [tsc, '--project', 'tsconfig.build.json', '--outDir', folder], { cwd: ROOT, stdio: 'inherit' });
}

function copyWhatLiesBeside(folder) {
  const files = PARTS.flatMap((part) => globSync(`${part}/**/*.*`, { cwd: ROOT })).filter((file) => BESIDE.test(file));
  for (const file of files) cpSync(join(ROOT, file), join(folder, file));
}
