/** A distributed site on this machine, two processes of each role, until Ctrl+C: `npm run demo:distributed -- --help`. */
import { randomBytes } from 'node:crypto';
import { globSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs, styleText } from 'node:util';
import { ROLES, type RoleName } from '../../engine/cli/role-names.ts';
import { sentenceOf } from '../../engine/errors.ts';
import { packageRoot } from '../../engine/package-root.ts';
import { type Cameras, serveCameras } from '../cameras/index.ts';
import { type Brokers, bringBrokers } from './bring-brokers.ts';
import { SiteProcess } from './site-process.ts';

const HELP = `A distributed site on this machine: simulated cameras, Kafka, Redis, two processes of each role. Kill any of them, and watch.

  npm run demo:distributed -- [options]

  --port N     where the first page is served (8080), the second one on the next port; 0 takes free ones
  --help       this text

  OCELLI_KAFKA   a broker to use, host:9092; without it one is started (Java 17; Maven brings Kafka once)
  OCELLI_REDIS   a Redis to use, redis://host:6379/0; without it one is started (redis-server)

Topics and keys begin with ocelli-demo- and a number of the run; in brokers that you give they stay when the demo ends.
`;
const EACH = 2;
/** Topics and keys of this run alone: neither those of a real site nor those of a former run are touched. */
const PREFIX = `ocelli-demo-${randomBytes(3).toString('hex')}`;

const undo: (() => Promise<void> | void)[] = [];
const asked = new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
});
try {
  await main();
} catch (error) {
  console.error(`demo: ${sentenceOf(error)}`);
  process.exitCode = 1;
} finally {
  for (const step of undo.reverse()) await step();
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { port: { type: 'string', default: '8080' }, help: { type: 'boolean', default: false } } });
  if (values.help) return console.log(HELP);
  process.chdir(packageRoot());
  const { OCELLI_KAFKA: kafka, OCELLI_REDIS: redis } = process.env;
  const brokers = await bringBrokers({ ...(kafka === undefined ? {} : { kafka }), ...(redis === undefined ? {} : { redis }) }, tell);
  undo.push(() => brokers.stop());
  const clips = Object.fromEntries(globSync('demo/footage/clips/*.mp4').map((file) => [basename(file, '.mp4'), file]));
  const cameras = await serveCameras({ clips, controlPort: 0 });
  undo.push(() => cameras.close());
  const folder = mkdtempSync(join(tmpdir(), 'ocelli-demo-'));
  const file = join(folder, 'ocelli.yaml');
  writeFileSync(file, JSON.stringify(configuration(cameras, brokers), undefined, 2));
  tell('Starting two processes of each role …');
  const running = await Promise.race([startAll(file, folder, Number(values.port)), asked]);
  if (running === undefined) return;
  print(running, brokers, cameras, folder);
  await asked;
  tell('Draining …');
}

function configuration(cameras: Cameras, { kafka, redis }: Brokers): object {
  return {
    cameras: cameras.names.map((id) => ({ id, url: cameras.url(id) })),
    model: join(process.cwd(), 'models/parcels'),
    log: { url: `kafka://${kafka}`, prefix: `${PREFIX}.` },
    state: { url: redis, prefix: `${PREFIX}:` },
  };
}

interface Running {
  readonly process: SiteProcess;
  readonly name: string;
  readonly url: string;
}

/** The first one alone, since it makes the topics; the others together. */
async function startAll(file: string, folder: string, port: number): Promise<Running[]> {
  const processes = ROLES.flatMap((role) => Array.from({ length: EACH }, (_, index) => processOf(role, index, { file, folder, port })));
  undo.push(async () => void (await Promise.all(processes.map((one) => one.process.stop()))));
  const [first, ...others] = processes.map(({ name, process }) => async () => ({ name, process, url: await process.start() }));
  return first === undefined ? [] : [await first(), ...(await Promise.all(others.map((start) => start())))];
}

interface Place {
  readonly file: string;
  readonly folder: string;
  /** Of the first page; 0 takes free ones. */
  readonly port: number;
}

function processOf(role: RoleName, index: number, { file, folder, port }: Place) {
  const name = `${role}-${index + 1}`;
  const args = ['run', file, '--role', role, '--port', String(role === 'serve' && port > 0 ? port + index : 0)];
  return { name, process: new SiteProcess({ name, folder, args, tell }) };
}

function print(running: readonly Running[], { kafka, redis }: Brokers, cameras: Cameras, folder: string): void {
  const lines = running.map(
    ({ name, process: { pid }, url }) => `  ${name.padEnd(10)} ${String(pid).padStart(7)}   ${styleText('cyan', url)}`,
  );
  const pages = running.filter(({ name }) => name.startsWith('serve'));
  console.log(`
  ${styleText('bold', 'process        pid   server')}
${lines.join('\n')}

  Watch      ${pages.map(({ url }) => styleText('cyan', url)).join('  or  ')}
  Kill       kill -9 ${running[0]?.process.pid ?? ''}      any of them: it is started again after 3 s, and another one goes on meanwhile
  Kafka      kcat -b ${kafka} -C -q -u -t ${PREFIX}.tracks -o -5
  Check      npx ocelli tail tracks -c ${join(folder, 'ocelli.yaml')} --from beginning | npx ocelli verify - --topic tracks --place-rule
  Redis      redis-cli -u ${redis} SMEMBERS ${PREFIX}:tasks
  Cameras    ${cameras.controlUrl}/cameras
  Written    ${folder}
  Stop       Ctrl+C
`);
}

function tell(line: string): void {
  console.error(line);
}
