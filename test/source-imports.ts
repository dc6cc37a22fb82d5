import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** One import of one file: what it names, resolved to a path of the repository when it is one of ours. */
export interface SourceImport {
  readonly file: string;
  readonly line: number;
  readonly target: string;
  readonly ours: boolean;
}

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\b[^;'"]*?from\s+'([^']+)'|(?:^|\n)\s*import\s+'([^']+)'|\bimport\(\s*'([^']+)'\s*\)|new URL\('(\.[^']+\.ts)'|\bcreateRequire\([^)]*\)\(\s*'([^']+)'/g;

/** Every TypeScript file that git tracks or would track, as paths from the root of the repository. */
export function sourceFiles(): string[] {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.ts', '*.tsx'], { encoding: 'utf8' });
  return listed.split('\n').filter((file) => file !== '' && existsSync(file));
}

/** All imports of a file: static, dynamic, of types, required, and workers started by their address. */
export function importsOf(file: string): SourceImport[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(IMPORT)].map((match) => {
    const name = match[1] ?? match[2] ?? match[3] ?? match[4] ?? match[5] ?? '';
    const ours = name.startsWith('.');
    const line = text.slice(0, (match.index ?? 0) + match[0].length).split('\n').length;
    return { file, line, target: ours ? normalize(join(dirname(file), name)) : name, ours };
  });
}
