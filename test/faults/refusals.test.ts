import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { SiteFolder, SiteProcess, type Surroundings } from '../end-to-end/site-process.ts';
import { testClip } from '../end-to-end/test-clips.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const MODELS = `${process.cwd()}/test/fixtures/models`;
const MODEL = `${MODELS}/quadrants.onnx`;

/** What `ocelli run` says and exits with. */
async function refusal(settings: Record<string, unknown>, surroundings: Surroundings = {}): Promise<{ code: number | null; said: string }> {
  const running = new SiteFolder([], settings).runIn(surroundings);
  const { code } = await running.exited;
  return { code, said: running.output.split('\n').find((line) => line.startsWith('ocelli: ')) ?? running.output };
}

async function takenPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return (server.address() as { port: number }).port;
}

describe('a site is not started, with a sentence and exit code 2,', { timeout: 60_000 }, () => {
  it('when there is no model', async () => {
    const { code, said } = await refusal({ model: '/nowhere/model.onnx' });
    expect(said).toMatch(/\/nowhere\/model\.onnx.*expected a folder with card\.yaml and model\.onnx, or an \.onnx file/);
    expect(code).toBe(2);
  });

  it('when the model is junk', async () => {
    const junk = join(temporaryFolder(), 'junk.onnx');
    writeFileSync(junk, 'this is no model');
    const { code, said } = await refusal({ model: junk });
    expect(said).toContain(junk);
    expect(code).toBe(2);
  });

  it('when the model answers in the shape of a classifier', async () => {
    const { code, said } = await refusal({ model: `${MODELS}/classifier.onnx` });
    expect(said).toMatch(/classifier\.onnx.*expected/);
    expect(code).toBe(2);
  });

  it('when FFMPEG_PATH names nothing that runs', async () => {
    const { code, said } = await refusal({ model: MODEL }, { environment: { FFMPEG_PATH: '/nowhere/ffmpeg' } });
    expect(said).toMatch(/FFMPEG_PATH must name an ffmpeg that runs; "\/nowhere\/ffmpeg" does not/);
    expect(code).toBe(2);
  });

  it('when the server would be open to others without a token', async () => {
    const { code, said } = await refusal({ model: MODEL, server: { host: '0.0.0.0', port: 0 } });
    expect(said).toMatch(/server\.host is 0\.0\.0\.0.*server\.token/);
    expect(code).toBe(2);
  });

  it('when another program has its port, also with cameras that were opened already', async () => {
    const port = await takenPort();
    const cameras = [{ id: 'live', url: 'rtsp://127.0.0.1:9/x' }];
    const running = new SiteFolder(cameras, { model: MODEL, server: { port } }).run();
    expect(await running.exited).toMatchObject({ code: 2 });
    expect(running.output).toContain(`Port ${port} of 127.0.0.1 is taken by another program`);
  });

  it('when another program has the port of the demo', async () => {
    const port = await takenPort();
    const running = new SiteProcess(['demo', '--port', String(port)]);
    expect(await running.exited).toMatchObject({ code: 2 });
    expect(running.output).toContain(`Port ${port} of 127.0.0.1 is taken by another program`);
  });

  it('when there is no configuration file', async () => {
    const running = new SiteProcess(['run', '/nowhere/ocelli.yaml']);
    expect(await running.exited).toMatchObject({ code: 2 });
    expect(running.output).toMatch(/There is no configuration file \/nowhere\/ocelli\.yaml/);
  });
});

describe('a run until the end', { timeout: 60_000 }, () => {
  it('is refused when there is no recording to end', async () => {
    const running = new SiteFolder([{ id: 'live', url: 'rtsp://127.0.0.1:9/x' }], { model: MODEL }).run('--until-end');
    expect(await running.exited).toMatchObject({ code: 2 });
    expect(running.output).toMatch(/--until-end ends when every recording has ended, and .*ocelli\.yaml has none that is enabled/);
  });

  it('names the recording that is missing when the others were read, and exits with 1', async () => {
    const there = { id: 'there', url: `file:${testClip('testsrc2', 2)}` };
    const site = new SiteFolder([there, { id: 'gone', url: 'file:/nowhere/gone.mp4' }], { model: MODEL });
    const running = site.run('--until-end');
    expect(await running.exited).toMatchObject({ code: 1 });
    expect(running.output).toMatch(
      /ocelli: A recording was not read\. gone: There is no file or folder "\/nowhere\/gone\.mp4"\. Correct the address\./,
    );
    expect((await site.records('detections')).at(-1)).toMatchObject({ camera: 'there', mark: 'end' });
  });
});

describe('a site is not started, with a sentence and exit code 3,', { timeout: 60_000 }, () => {
  it('when another one has its log', async () => {
    const site = new SiteFolder([], { model: MODEL });
    const first = site.run();
    await first.says(/Ocelli is running/);
    const second = site.run();
    expect(await second.exited).toMatchObject({ code: 3 });
    expect(second.output).toMatch(new RegExp(`ocelli\\.db.*${first.child.pid}`));
    await first.kill('SIGTERM');
    expect(await first.exited).toEqual({ code: 0, signal: null });
  });

  it('when its log is no log', async () => {
    const site = new SiteFolder([], { model: MODEL });
    mkdirSync(join(site.folder, 'data'), { recursive: true });
    writeFileSync(site.database, 'x'.repeat(8192));
    const running = site.run();
    expect(await running.exited).toMatchObject({ code: 3 });
    expect(running.output).toContain(site.database);
  });
});
