import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from './engine/cli/program.ts';
import { packageRoot } from './engine/package-root.ts';
import { application } from './site/application.ts';

const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string };

process.exitCode = await runProgram(application(version), process.argv.slice(2));
