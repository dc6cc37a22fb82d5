/**
 * Everything that is measured of the live view, one case after another, one JSON line a figure: {"name", "case", "value", "unit"}.
 *
 *     node bench/live-view.ts [case …]        fan-out, stalled-viewer, sixteen-tiles, age; default: all
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const CASES = ['fan-out', 'stalled-viewer', 'sixteen-tiles', 'age'];

const chosen = process.argv.slice(2);
const unknown = chosen.find((name) => !CASES.includes(name));
if (unknown !== undefined) {
  console.error(`There is no case ${unknown}; expected some of ${CASES.join(', ')}.`);
  process.exit(2);
}
for (const name of chosen.length > 0 ? chosen : CASES) {
  const { status } = spawnSync(process.execPath, [fileURLToPath(new URL(`./live-view/${name}.ts`, import.meta.url))], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
