import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Cameras, serveCameras } from '../../../demo/cameras/serve.ts';
import { RtspClient } from './rtsp-client.ts';
import { makeClip, temporaryFolder } from './test-clips.ts';

const folder = temporaryFolder();
let file: string;
let cameras: Cameras;

beforeAll(() => {
  file = makeClip(folder, 'dock-1', { size: '320x180', seconds: 2 });
});

describe('serving cameras', () => {
  beforeEach(async () => {
    cameras = await serveCameras({ clips: { 'dock-1': file, 'gate-3': file }, spareClips: { dark: file }, controlPort: 0 });
  });

  afterEach(() => cameras.close());

  it('tells of each camera what it shows and who looks', async () => {
    const client = new RtspClient(cameras.url('dock-1'));
    await client.play();
    const { 'dock-1': dock, 'gate-3': gate } = cameras.stats();
    expect(dock).toMatchObject({ url: cameras.url('dock-1'), ownUrl: null, width: 320, height: 180, fps: 15, frames: 30 });
    expect(dock.viewers).toMatchObject([{ transport: 'tcp', framesSkipped: 0 }]);
    expect(gate.viewers).toEqual([]);
    client.close();
  });

  it('refuses a name that is not there, with those that are', async () => {
    expect(() => cameras.url('dock-2')).toThrow('there is no camera "dock-2", known are: dock-1, gate-3');
    await expect(cameras.fault('dock-2', { freeze: true })).rejects.toThrow('there is no camera "dock-2"');
    expect(() => cameras.ownUrl('dock-1')).toThrow('serve the cameras with ownPorts');
  });

  it('refuses a file that is not there, by name', async () => {
    await expect(serveCameras({ clips: { a: `${folder}/none.mp4` } })).rejects.toThrow(/none\.mp4/);
  });

  it('refuses a name that could not stand in a URL', async () => {
    await expect(serveCameras({ clips: { 'dock 1': file } })).rejects.toThrow(/letters, digits.*got "dock 1"/);
  });

  it('refuses a port that is taken, and leaves none open', async () => {
    const options = { clips: { a: file }, port: 0, controlPort: cameras.port };
    await expect(serveCameras(options)).rejects.toThrow(/cannot listen on 127\.0\.0\.1, port \d+: .*EADDRINUSE.*name another port/);
  });

  it('takes orders over HTTP and answers with the camera afterwards', async () => {
    const answer = await send('POST', '/cameras/dock-1/fault', { freeze: true, clip: 'dark', speed: 2 });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ faults: { freeze: true, clip: 'dark', speed: 2 } });
    expect(cameras.stats()['dock-1'].faults).toMatchObject({ freeze: true, clip: 'dark', speed: 2 });
    expect(cameras.stats()['gate-3'].faults).toMatchObject({ freeze: false });
  });

  it('puts everything right again at DELETE', async () => {
    await send('POST', '/cameras/dock-1/fault', { freeze: true, notFound: true });
    expect((await send('DELETE', '/cameras/dock-1/fault')).body).toMatchObject({ faults: { freeze: false, notFound: false } });
  });

  it('never prints a password', async () => {
    const answer = await send('POST', '/cameras/dock-1/fault', { password: { scheme: 'digest', user: 'viewer', password: 'hunter2' } });
    expect(answer.body).toMatchObject({ faults: { password: { scheme: 'digest', user: 'viewer' } } });
    expect(JSON.stringify([answer, (await send('GET', '/cameras')).body])).not.toContain('hunter2');
  });

  it.each([
    ['GET', '/cameras', undefined, 200],
    ['GET', '/cameras/gate-3', undefined, 200],
    ['GET', '/', undefined, 404],
    ['GET', '/cameras/nobody', undefined, 404],
    ['POST', '/cameras', {}, 405],
    ['PUT', '/cameras/dock-1/fault', {}, 405],
    ['POST', '/cameras/dock-1/fault', { freez: true }, 400],
    ['POST', '/cameras/dock-1/fault', { clip: '../../etc/passwd' }, 400],
    ['POST', '/cameras/dock-1/fault', 'freeze', 400],
  ])('answers %s %s %j with %i', async (method, path, order, status) => {
    expect((await send(method, path, order)).status).toBe(status);
  });

  it('answers 400 to what is no JSON, and to more than an order can be', async () => {
    expect(await post('{"freeze": tru')).toMatchObject({
      status: 400,
      body: { error: expect.stringContaining('expected an order in JSON') },
    });
    expect(await post(' '.repeat(70_000))).toMatchObject({ status: 400, body: { error: 'an order has at most 65536 bytes' } });
  });

  it('takes no orders from web pages', async () => {
    expect((await post('{"freeze": true}', { Origin: 'http://example.com' })).status).toBe(403);
    expect(cameras.stats()['dock-1'].faults.freeze).toBe(false);
  });
});

describe('the command', () => {
  it('prints the address of each camera, serves it, and ends at Ctrl+C', async () => {
    const child = spawn(process.execPath, ['demo/cameras/main.ts', '--port', '0', '--control-port', '0', file], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [text] = await once(child.stdout.setEncoding('utf8'), 'data');
    const url = /rtsp:\/\/127\.0\.0\.1:\d+\/dock-1/.exec(text)?.[0] ?? '';
    expect(text).toContain('320×180, 15 fps, loop of 2.0 s');
    const client = new RtspClient(url);
    expect((await client.request('DESCRIBE'))?.status).toBe(200);
    client.close();
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('says what is wrong and exits with 2', async () => {
    const child = spawn(process.execPath, ['demo/cameras/main.ts', '--port', 'x', file], { stdio: ['ignore', 'pipe', 'pipe'] });
    const [text] = await once(child.stderr.setEncoding('utf8'), 'data');
    expect(text).toBe('cameras: --port must be a number, got "x"\n');
    expect(await once(child, 'exit')).toEqual([2, null]);
  });
});

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

function send(method: string, path: string, order?: unknown): Promise<Answer> {
  return answered(path, { method, ...(order === undefined ? {} : { body: JSON.stringify(order) }) });
}

function post(body: string, headers: Record<string, string> = {}): Promise<Answer> {
  return answered('/cameras/dock-1/fault', { method: 'POST', body, headers });
}

async function answered(path: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(`${cameras.controlUrl}${path}`, init);
  return { status: response.status, body: await response.json() };
}
