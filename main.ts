import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from './engine/package-root.ts';
import { keepCompiled } from './site/keep-compiled.ts';
import { keepYoungGenerationSmall } from './site/small-young-generation.ts';

keepCompiled(packageRoot());
keepYoungGenerationSmall();
const { runProgram } = await import('./engine/cli/program.ts');
const { endWithoutStragglers } = await import('./engine/cli/end-without-stragglers.ts');
const { application } = await import('./site/application.ts');
const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string };

process.exitCode = await runProgram(application(version), process.argv.slice(2));
endWithoutStragglers();
