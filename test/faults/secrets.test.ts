import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cameras, serveCameras } from '../../demo/cameras/index.ts';
import { firstRecord } from '../end-to-end/followed-records.ts';
import { SiteFolder, SiteProcess } from '../end-to-end/site-process.ts';
import { testClip } from '../end-to-end/test-clips.ts';

const MODEL = `${process.cwd()}/test/fixtures/models/quadrants.onnx`;
const RIGHT = 'right-S3cret@1';
const WRONG = 'wrong-S3cret#2';
const TOKEN = 'token-S3cret-3';
const SECRETS = [RIGHT, WRONG, TOKEN].flatMap((secret) => [
  secret,
  encodeURIComponent(secret),
  Buffer.from(`viewer:${secret}`).toString('base64'),
]);
const NO_SUCH_HOST = 'camera.invalid';

/** A site whose cameras have passwords, right and wrong, and whose server has a token; all of it told as much as can be told. */
describe('passwords and tokens', { timeout: 120_000 }, () => {
  const said = new Map<string, string>();
  let cameras: Cameras;

  beforeAll(async () => {
    cameras = await serveCameras({ clips: { dock: testClip('testsrc2', 4), gate: testClip('testsrc2', 4) } });
    for (const name of cameras.names)
      await cameras.fault(name, { password: { scheme: 'digest', user: 'viewer', password: RIGHT, qop: false } });
    const address = (name: string, password: string) =>
      cameras.url(name).replace('rtsp://', `rtsp://viewer:${encodeURIComponent(password)}@`);
    const site = new SiteFolder(
      [
        { id: 'dock', url: address('dock', RIGHT) },
        { id: 'gate', url: address('gate', WRONG) },
        { id: 'nowhere', url: `rtsp://viewer:${encodeURIComponent(WRONG)}@${NO_SUCH_HOST}/stream` },
      ],
      { model: MODEL, server: { port: 0, token: TOKEN } },
    );
    const running = site.run('--log-level', 'debug');
    const url = await running.url();
    const read = (path: string) =>
      fetch(`${url}${path}`, { headers: { authorization: `Bearer ${TOKEN}` } }).then((answer) => answer.text());
    const told = { dock: 'detections', gate: 'mark', nowhere: 'mark' };
    for (const [camera, type] of Object.entries(told))
      await firstRecord(running, 'detections', (record) => record.camera === camera && record.type === type, TOKEN);
    for (const path of [
      '/metrics',
      '/health/ready',
      '/api/topics/detections',
      '/api/topics/tracks',
      '/api/topics/alerts',
      '/api/cameras',
      '/api/cameras/gate/history',
      '/api/cluster',
      '/api/health',
    ]) {
      said.set(path, await read(path));
    }
    said.set('refused', await (await fetch(`${url}/api/topics/detections`)).text());
    await running.kill('SIGTERM');
    said.set('log', running.output);
    for (const args of [['check'], ['check', '--json'], ['tail', 'detections', '--from', 'beginning', '-c']]) {
      said.set(args.join(' '), await outputOf([...args, site.file]));
    }
    for (const args of [['describe'], ['describe', '--json']]) said.set(args.join(' '), await outputOf(args));
    for (const entry of readdirSync(join(site.folder, 'data'), { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) said.set(entry.name, readFileSync(join(entry.parentPath, entry.name), 'latin1'));
    }
  }, 240_000);

  afterAll(() => cameras.close());

  it('are in no log line, answer, metric, record, command or file', () => {
    const found = [...said].flatMap(([where, text]) =>
      SECRETS.filter((secret) => text.includes(secret)).map((secret) => `${secret} in ${where}`),
    );
    expect(found).toEqual([]);
  });

  it('were looked for where something is said of these cameras (so the search can fail)', () => {
    for (const where of ['log', '/api/topics/detections', 'check', 'check --json', 'tail detections --from beginning -c', 'ocelli.db']) {
      expect(said.get(where), where).toContain('gate');
    }
    expect(said.get('check')).toContain(NO_SUCH_HOST);
    expect(said.get('/metrics')).toContain('camera="dock"');
    expect(said.get('log')).toMatch(/gate.*401|401.*gate/);
  });
});

async function outputOf(args: readonly string[]): Promise<string> {
  const running = new SiteProcess(args);
  expect(await running.exited, running.output).toMatchObject({ code: 0 });
  return running.output;
}
