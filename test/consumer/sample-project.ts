import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const TSC = resolve('node_modules/typescript/bin/tsc');

/** A folder with the TypeScript sample as a reader has it: beside an installed `ocelli` (its kit, compiled) and `kafkajs`. */
export function sampleProject(): string {
  const project = mkdtempSync(join(tmpdir(), 'ocelli-sample-'));
  const ocelli = join(project, 'node_modules/ocelli');
  mkdirSync(ocelli, { recursive: true });
  writeFileSync(join(project, 'package.json'), '{ "type": "module" }');
  for (const name of ['kafkajs', 'zod', '@types']) symlinkSync(resolve('node_modules', name), join(project, 'node_modules', name));
  cpSync('package.json', join(ocelli, 'package.json'));
  cpSync('samples/typescript/minutes.ts', join(project, 'minutes.ts'));
  compileKit(project, join(ocelli, 'dist'));
  return project;
}

function compileKit(project: string, outDir: string): void {
  const options = { extends: resolve('tsconfig.build.json'), compilerOptions: { outDir, rootDir: resolve('.') } };
  const file = join(project, 'tsconfig.kit.json');
  writeFileSync(file, JSON.stringify({ ...options, include: [resolve('consumer')], exclude: [] }));
  execFileSync(process.execPath, [TSC, '--project', file, '--typeRoots', resolve('node_modules/@types')], { stdio: 'pipe' });
}

/** What the compiler says of the sample, with all of its strictness. */
export function typeErrors(project: string): string {
  const flags = [
    '--strict',
    '--module',
    'nodenext',
    '--target',
    'esnext',
    '--lib',
    'esnext',
    '--types',
    'node',
    '--noEmit',
    '--skipLibCheck',
  ];
  try {
    return execFileSync(process.execPath, [TSC, ...flags, 'minutes.ts'], { cwd: project, encoding: 'utf8' });
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}
