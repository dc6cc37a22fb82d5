/**
 * Runs the steps of docker/Dockerfile in a clean folder, as far as they need no container, and starts what comes out: a site over one
 * recording, its healthcheck, and the simulated cameras. Takes minutes and a package registry: `npx node test/docker/image-steps.ts`.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { freePorts } from '../../demo/brokers/free-ports.ts';
import { commandOf, type Instruction, readDockerfile } from './dockerfile.ts';

const root = mkdtempSync(join(tmpdir(), 'ocelli-image-'));
/** Paths of the image become paths below `root`. */
const placed = (text: string) => text.replaceAll(/(?<![\w.])\/(src|opt\/ocelli|site|cameras)\b/g, `${root}/$1`);
const stages = readDockerfile();

try {
  const size = build();
  const healthy = await startSite();
  const cameras = await startCameras();
  console.log(JSON.stringify({ megabytes: size, healthy, cameras }));
} finally {
  rmSync(root, { recursive: true, force: true });
}

/** @returns the size of what goes into the image, without Node and ffmpeg, in megabytes */
function build(): number {
  for (const name of ['build', 'cameras']) runStage(stages.get(name) ?? []);
  const [kilobytes] = execFileSync('du', ['-sk', join(root, 'opt/ocelli')], { encoding: 'utf8' }).split('\t');
  return Math.round(Number(kilobytes) / 1024);
}

function runStage(stage: readonly Instruction[]): void {
  let folder = root;
  for (const { name, text } of stage) {
    if (name === 'WORKDIR') folder = placed(text);
    mkdirSync(folder, { recursive: true });
    if (name === 'COPY') copy(text, folder);
    if (name === 'RUN') {
      console.error(`RUN ${text}`);
      execFileSync('sh', ['-ec', placed(text)], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'], env: cleanEnvironment() });
    }
  }
}

/** Node beside the npm that comes with it, and nothing of the checkout. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const { HOME, LANG } = process.env;
  const path = [dirname(process.execPath), ...(process.env['PATH'] ?? '').split(':')].filter((one) => !one.includes('node_modules/.bin'));
  return { ...registryOf(process.env), HOME, LANG, PATH: path.join(':') };
}

/** A registry that is set for this machine stays in force. */
function registryOf(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => /^(npm_config_|https?_proxy|no_proxy|NODE_EXTRA)/i.test(name)));
}

/** What git knows or would know stands for what the ignore file leaves of the folder. */
function copy(text: string, folder: string): void {
  const words = text.split(' ');
  const sources = words.slice(0, -1);
  const target = join(folder, words.at(-1) ?? '');
  for (const source of sources) {
    const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard', source], { encoding: 'utf8' }).trim().split('\n');
    for (const file of files) cpSync(file, place(file, source, target));
  }
}

function place(file: string, source: string, target: string): string {
  if (source === '.') return join(target, file);
  return file === source ? join(target, basename(file)) : join(target, file.slice(source.length + 1));
}

async function startSite(): Promise<boolean> {
  const stage = stages.get('ocelli') ?? [];
  const site = join(root, 'site');
  mkdirSync(join(site, 'data'), { recursive: true });
  const clip = join(process.cwd(), 'demo/footage/clips/dock-1.mp4');
  const [port] = await freePorts(1);
  const camera = { id: 'dock-1', url: `file:${clip}`, pace: 'real-time' };
  writeFileSync(
    join(site, 'ocelli.yaml'),
    JSON.stringify({ cameras: [camera], model: join(root, 'opt/ocelli/models/parcels'), server: { port } }),
  );
  const [, ...args] = [...commandOf(stage, 'ENTRYPOINT'), ...commandOf(stage, 'CMD')].map(placed);
  const child = spawn(process.execPath, args, { cwd: site, stdio: ['ignore', 'pipe', 'pipe'], env: cleanEnvironment() });
  await says(child, /Ocelli is running/);
  const [, ...check] = commandOf(stage, 'HEALTHCHECK').map((word) => word.replace(':8080/', `:${port}/`));
  const { status } = spawnSync(process.execPath, check);
  await end(child);
  return status === 0;
}

async function startCameras(): Promise<number> {
  const [, ...args] = commandOf(stages.get('cameras') ?? [], 'CMD');
  const child = spawn(process.execPath, args, {
    cwd: join(root, 'cameras'),
    stdio: ['ignore', 'pipe', 'pipe'],
    env: cleanEnvironment(),
  });
  await says(child, /8554/);
  const answer = await fetch('http://127.0.0.1:8555/cameras');
  const cameras = ((await answer.json()) as unknown[] | Record<string, unknown>) ?? {};
  await end(child);
  return Object.keys(cameras).length;
}

/** Resolves when a line of its output matches; what comes later is read and forgotten. */
function says(child: ChildProcess, pattern: RegExp): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`ended (${code}) before it said ${pattern}`)));
    for (const stream of [child.stdout, child.stderr])
      if (stream !== null) createInterface(stream).on('line', (line) => pattern.test(line) && resolve());
  });
}

async function end(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}
