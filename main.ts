import { readFileSync } from 'node:fs';
import { runProgram } from './engine/cli/program.ts';
import { application } from './site/application.ts';

const { version } = JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8')) as { version: string };

process.exitCode = await runProgram(application(version), process.argv.slice(2));
