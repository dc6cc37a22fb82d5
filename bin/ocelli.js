#!/usr/bin/env node
// Starts Ocelli under a Node that can run it. A machine with an older Node has a newer one in the `node` package beside us.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire, enableCompileCache } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const entry = ['main.ts', 'dist/main.js'].map((file) => join(root, file)).find(existsSync);
const [major] = process.versions.node.split('.').map(Number);

if (entry === undefined) {
  console.error('ocelli: neither main.ts nor dist/main.js is there. Expected a clone or an installed package; install it again.');
  process.exit(2);
}
if (major >= 24) {
  keepCompiled();
  process.argv[1] = entry;
  await import(entry);
} else {
  const { status, signal } = spawnSync(newerNode(), [entry, ...process.argv.slice(2)], { stdio: 'inherit' });
  process.exit(signal === null ? (status ?? 1) : 1);
}

function newerNode() {
  try {
    const folder = dirname(createRequire(join(root, 'package.json')).resolve('node/package.json'));
    return join(folder, 'bin', 'node');
  } catch {
    console.error(`ocelli: needs Node 24 or newer, this is ${process.version}. In a clone, "npm ci" brings it; else install Node 24.`);
    process.exit(2);
  }
}

/**
 * What `site/keep-compiled.ts` does, here before the first TypeScript: when all of it was compiled by an earlier start, what takes the types
 * out of it is not even loaded, which is some 19 MiB and a tenth of the time to start (`bench/README.md`).
 */
function keepCompiled() {
  process.env['NODE_COMPILE_CACHE'] ??= join(root, '.cache/compile');
  enableCompileCache(process.env['NODE_COMPILE_CACHE']);
}
