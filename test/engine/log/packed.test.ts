import { spawnSync } from 'node:child_process';
import { globSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../temporary-folder.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const PARTS = 'engine/{clock,errors,{log,records,sqlite}/**/*}.ts';

const SCRIPT = `
import { SqliteLog } from './engine/log/index.js';
import { Database } from './engine/sqlite/index.js';
const database = new Database('ocelli.db');
const log = await SqliteLog.open(database);
await log.append('detections', 0, [{ v: 1, type: 'gap', id: 'a/1/0', camera: 'a', session: 1, from: 0, to: 9, time: 5, until: 7, reason: 'stale' }]);
console.log(await log.seekTime('detections', 0, 6), (await log.maintain()).error);
await log.close();
database.close();
`;

/** The parts as the package ships them: JavaScript, its imports ending in .js. */
function pack(target: string): void {
  for (const file of globSync(PARTS, { cwd: ROOT })) {
    const script = stripTypeScriptTypes(readFileSync(join(ROOT, file), 'utf8')).replaceAll(/(from '\..*)\.ts'/g, "$1.js'");
    const path = join(target, file.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, script);
  }
  symlinkSync(join(ROOT, 'node_modules'), join(target, 'node_modules'));
  writeFileSync(join(target, 'package.json'), '{ "type": "module" }');
}

it('finds its worker when it is packed as JavaScript', () => {
  const folder = temporaryFolder();
  pack(folder);
  writeFileSync(join(folder, 'main.js'), SCRIPT);
  const { stdout, stderr } = spawnSync(process.execPath, ['main.js'], { cwd: folder, encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(stdout).toBe('0 undefined\n');
});
