import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { importsOf, type SourceImport, sourceFiles } from './source-imports.ts';

/** What each part may import, nearest first: `main → ui, connectors, operators → engine`, and inside the engine one direction. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'engine/errors': [],
  'engine/secret': [],
  'engine/clock': [],
  'engine/package-root': [],
  'engine/records': ['engine/errors'],
  'engine/contract': ['engine/records', 'engine/errors'],
  'engine/pictures': ['engine/errors', 'engine/records'],
  'engine/log': ['engine/contract', 'engine/records', 'engine/errors', 'engine/secret', 'engine/clock', 'engine/sqlite'],
  'engine/sqlite': ['engine/errors', 'engine/clock'],
  'engine/state': ['engine/log', 'engine/contract', 'engine/records', 'engine/errors', 'engine/clock', 'engine/secret', 'engine/sqlite'],
  'engine/frames': ['engine/log', 'engine/contract', 'engine/records', 'engine/errors', 'engine/clock', 'engine/pictures'],
  'engine/observe': ['engine/contract', 'engine/records', 'engine/errors', 'engine/clock', 'engine/secret'],
  'engine/runtime': [
    'engine/log',
    'engine/state',
    'engine/frames',
    'engine/observe',
    'engine/contract',
    'engine/records',
    'engine/errors',
    'engine/clock',
  ],
  'engine/config': ['engine/contract', 'engine/records', 'engine/errors', 'engine/secret'],
  'engine/plan': ['engine/records'],
  'engine/cli': ['engine'],
  consumer: ['engine/records'],
  connectors: ['engine'],
  operators: ['engine'],
  ui: ['engine'],
  demo: ['engine'],
  'models/evaluation': ['operators/detect', 'engine'],
  site: ['engine', 'connectors', 'operators', 'ui', 'demo'],
  main: ['engine/cli', 'engine/package-root', 'site'],
};

/** Each vendor package has one door; embedded mode never loads what it does not use. */
const DOORS: Readonly<Record<string, readonly string[]>> = {
  kafkajs: ['engine/log/kafka'],
  ioredis: ['engine/state/redis'],
  '@ffmpeg-installer/ffmpeg': ['connectors/ffmpeg'],
  'onnxruntime-node': ['operators/detect'],
  sharp: ['engine/pictures'],
  ws: ['ui/server'],
  fastify: ['ui/server'],
  '@fastify/static': ['ui/server'],
  'node:sqlite': ['engine/sqlite', 'engine/log/sqlite', 'engine/state/sqlite'],
  yaml: ['engine/config', 'models/evaluation', 'operators/detect'],
  pino: ['engine/observe'],
  'pino-pretty': ['engine/observe'],
  'prom-client': ['engine/observe'],
  commander: ['engine/cli', 'main'],
};

const product = sourceFiles().filter((file) => !/^(test|bench|samples|ui\/web)\//.test(file) && !file.endsWith('.config.ts'));
const imports = product.flatMap(importsOf);

describe('the layout', () => {
  it('is read from the files: every product folder has imports, of ours and of vendors', () => {
    const found = new Set(imports.map(({ file }) => partOf(file)));
    expect([...found].sort()).toEqual(expect.arrayContaining(['connectors', 'engine/runtime', 'operators', 'site', 'ui']));
    const doors = new Set(imports.filter(({ ours }) => !ours).map(({ target }) => packageOf(target)));
    expect([...doors]).toEqual(expect.arrayContaining(['kafkajs', 'ioredis', '@ffmpeg-installer/ffmpeg', 'onnxruntime-node', 'fastify']));
  });

  it('is followed by every import', () => {
    const offences = imports.filter(({ ours }) => ours).filter((found) => !isAllowed(found));
    expect(offences.map(({ file, line, target }) => `${file}:${line} imports ${target}: not in the direction of ARCHITECTURE.md`)).toEqual(
      [],
    );
  });

  it('gives operators and connectors no sight of each other', () => {
    const folders = new Set(product.filter((file) => file.startsWith('operators/')).map((file) => file.split('/').slice(0, 2).join('/')));
    const offences = imports.filter(({ file, target }) =>
      [...folders].some((folder) => file.startsWith(`${folder}/`) && target.startsWith('operators/') && !target.startsWith(`${folder}/`)),
    );
    expect(offences.map(({ file, line, target }) => `${file}:${line} imports ${target}: siblings may not import each other`)).toEqual([]);
  });

  it('has no cycle of imports, types included', () => {
    expect(findCycles()).toEqual([]);
  });

  it('lets each vendor package in by its one door', () => {
    const offences = imports.filter(({ ours }) => !ours).filter(({ file, target }) => !throughDoor(file, target));
    expect(
      offences.map(({ file, line, target }) => `${file}:${line} imports ${target}: its door is ${DOORS[packageOf(target)]?.join(' or ')}`),
    ).toEqual([]);
  });

  it('reads the clock of the machine in one place', () => {
    const readers = product.filter(
      (file) => file !== 'engine/clock.ts' && /\b(Date\.now|performance\.now)\(|new Date\(\)/.test(readFileSync(file, 'utf8')),
    );
    expect(readers.filter((file) => !ALLOWED_CLOCK_READERS.some((allowed) => file.startsWith(allowed)))).toEqual([]);
  });

  it('names no file after nothing', () => {
    expect(sourceFiles().filter((file) => /(^|\/)(utils?|helpers?|manager|common|misc)[./-]/.test(file))).toEqual([]);
  });
});

/** The worker measures its own work. */
const ALLOWED_CLOCK_READERS = ['operators/detect/detect-worker.ts'];

function partOf(file: string): string {
  const parts = Object.keys(MAY_IMPORT).sort((a, b) => b.length - a.length);
  return parts.find((part) => file === `${part}.ts` || file.startsWith(`${part}/`)) ?? file;
}

function isAllowed({ file, target }: SourceImport): boolean {
  const part = partOf(file);
  const allowed = MAY_IMPORT[part];
  if (allowed === undefined) return false;
  return partOf(target) === part || allowed.some((prefix) => target === `${prefix}.ts` || target.startsWith(`${prefix}/`));
}

function packageOf(target: string): string {
  return target.startsWith('node:')
    ? target
    : target
        .split('/')
        .slice(0, target.startsWith('@') ? 2 : 1)
        .join('/');
}

function throughDoor(file: string, target: string): boolean {
  const doors = DOORS[packageOf(target)];
  return doors === undefined || doors.some((door) => file === `${door}.ts` || file.startsWith(`${door}/`) || file.startsWith(`${door}-`));
}

/** Depth-first search; each cycle is printed once as `a.ts → b.ts → a.ts`. */
function findCycles(): string[] {
  const edges = Map.groupBy(
    imports.filter(({ ours }) => ours),
    ({ file }) => file,
  );
  const done = new Set<string>();
  const cycles: string[] = [];
  function visit(file: string, path: readonly string[]): void {
    if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file].join(' → '));
    if (path.includes(file) || done.has(file)) return;
    for (const { target } of edges.get(file) ?? []) visit(target, [...path, file]);
    done.add(file);
  }
  for (const file of product) visit(file, []);
  return cycles;
}
