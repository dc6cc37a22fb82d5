import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { openLogForReading } from '../../engine/log/index.ts';
import { testClip } from '../end-to-end/test-clips.ts';

const PACKAGE = JSON.parse(readFileSync('package.json', 'utf8')) as { dependencies: Record<string, string> };
const ENOUGH = 300_000;

/** A project that has Ocelli from the tarball, and nothing but what the package asks for. */
let project: string;

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'ocelli-package-'));
  install(pack());
}, ENOUGH);

afterAll(() => rmSync(project, { recursive: true, force: true }));

/** As `npm pack`, without building the pages: they are not what is tested here. */
function pack(): string {
  execFileSync('npm', ['run', '--silent', 'prepack'], { stdio: 'inherit' });
  const told = execFileSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', project], { encoding: 'utf8' });
  return join(project, (JSON.parse(told) as { filename: string }[])[0]?.filename ?? '');
}

/** As `npm install`, without a network: the tarball is unpacked, and the packages that it names are linked beside it. */
function install(tarball: string): void {
  const ours = join(project, 'node_modules/ocelli');
  mkdirSync(ours, { recursive: true });
  execFileSync('tar', ['-xzf', tarball, '-C', ours, '--strip-components', '1']);
  for (const name of Object.keys(PACKAGE.dependencies)) {
    mkdirSync(dirname(join(project, 'node_modules', name)), { recursive: true });
    symlinkSync(join(process.cwd(), 'node_modules', name), join(project, 'node_modules', name));
  }
}

function ocelli(...args: string[]) {
  const program = join(project, 'node_modules/ocelli/bin/ocelli.js');
  return spawnSync(process.execPath, [program, ...args], { cwd: project, encoding: 'utf8' });
}

describe('the package', { timeout: ENOUGH }, () => {
  it('holds no TypeScript but types, no test, and nothing of this machine', () => {
    const files = execFileSync('find', [join(project, 'node_modules/ocelli'), '-type', 'f'], { encoding: 'utf8' })
      .trim()
      .split('\n');
    expect(files.filter((file) => /(?<!\.d)\.ts$|\/test\/|\.test\./.test(file))).toEqual([]);
    const programs = files.filter((file) => /\.(js|json|lua)$/.test(file));
    expect(programs.filter((file) => readFileSync(file, 'utf8').includes(process.cwd()))).toEqual([]);
  });

  it('checks a configuration and prints a schema', () => {
    writeFileSync(join(project, 'ocelli.yaml'), stringify({ cameras: [{ id: 'dock', url: 'rtsp://127.0.0.1/x' }] }));
    expect(ocelli('check')).toMatchObject({ status: 0, stderr: '', stdout: expect.stringContaining('ocelli.yaml is right: 1 camera,') });
    const { stdout } = ocelli('schema', 'detections');
    expect(stdout).toBe(readFileSync('schemas/detections.v1.json', 'utf8'));
  });

  it('reads a recording to its end with the model that comes along', async () => {
    const model = 'node_modules/ocelli/models/parcels';
    const cameras = [{ id: 'clip', url: `file:${testClip('testsrc2', 2)}` }];
    writeFileSync(join(project, 'ocelli.yaml'), stringify({ cameras, model, server: { port: 0 } }));
    const { status, stderr } = ocelli('run', '--until-end');
    expect(status, stderr).toBe(0);
    const log = openLogForReading(join(project, 'data/ocelli.db'));
    const { entries } = await log.read('tracks', 0, { from: 0, limit: 100 });
    await log.close();
    expect(entries.at(-1)?.record).toMatchObject({ camera: 'clip', mark: 'end' });
  });

  it('gives programs the place rule and the types of its records', () => {
    const program = `import { PlaceRule, type StreamRecord } from 'ocelli';
      const records: StreamRecord[] = [{ v: 1, type: 'mark', mark: 'up', id: 'a/1/0', camera: 'a', session: 1, seq: 0, time: 0 }];
      const rule = new PlaceRule();
      console.log(records.concat(records).filter((record) => rule.admit(record).record !== undefined).length);`;
    writeFileSync(join(project, 'reader.mts'), program);
    expect(execFileSync(process.execPath, ['reader.mts'], { cwd: project, encoding: 'utf8' })).toBe('1\n');
    const tsc = join(process.cwd(), 'node_modules/typescript/bin/tsc');
    const strict = ['--strict', '--module', 'nodenext', '--noEmit', '--skipLibCheck', 'false', 'reader.mts'];
    const types = ['--lib', 'esnext', '--types', 'node', '--typeRoots', join(process.cwd(), 'node_modules/@types')];
    expect(spawnSync(process.execPath, [tsc, ...strict, ...types], { cwd: project, encoding: 'utf8' })).toMatchObject({
      status: 0,
      stdout: '',
    });
  });
});
