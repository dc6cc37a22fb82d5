/** `npm run footage -- sample | clips | wrong | datasets | check | …`: the generator, in an environment that is made when it is missing. */
import { spawnSync } from 'node:child_process';
import { FOOTAGE_FOLDER, FOOTAGE_PYTHON, hasFootageEnvironment, makeFootageEnvironment } from './environment.ts';

if (!hasFootageEnvironment()) makeFootageEnvironment();
const { status } = spawnSync(FOOTAGE_PYTHON, ['-m', 'generator', ...process.argv.slice(2)], { cwd: FOOTAGE_FOLDER, stdio: 'inherit' });
process.exitCode = status ?? 1;
