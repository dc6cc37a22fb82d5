import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { checkCamera } from '../../../engine/config/check-camera.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { ocelli } from './command-line.ts';

const MODEL = join(process.cwd(), 'test/fixtures/models/quadrants.onnx');

const CUDA_LIBRARY = `node_modules/onnxruntime-node/bin/napi-v6/${process.platform}/${process.arch}/libonnxruntime_providers_shared.so`;

describe('ocelli check', () => {
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = temporaryFolder();
    file = join(folder, 'ocelli.yaml');
  });

  /** What it says of a configuration, each line without the name of the file. */
  async function check(text: string, ...options: string[]) {
    writeFileSync(file, text);
    const { code, out, err } = await ocelli('check', file, ...options);
    return { code, out, err: err.replaceAll(`${file}:`, '').trimEnd().split('\n') };
  }

  it('says what a right configuration means', async () => {
    const { code, out } = await check(`cameras: [{ id: dock-1, url: "rtsp://a:b@192.0.2.1/s", fps: 5 }]\nmodel: ${MODEL}\n`);
    expect(out).toMatch(/dock-1 +rtsp:\/\/\*\*\*@192\.0\.2\.1\/s +5 +500 ms +yes/);
    expect(out).toContain(`${file} is right: 1 camera, model ${MODEL}, log sqlite:data/ocelli.db.`);
    expect(code).toBe(0);
  });

  it('finds the model that comes along from every folder', async () => {
    expect(await check('cameras: []\n')).toMatchObject({ code: 0 });
  });

  it('tells everything that is wrong in one go, in the order of the file', async () => {
    const text = [
      'cameras:',
      '  - { id: dock, url: "rtsp://u:${OCELLI_NOT_SET}@192.0.2.1/s", fps: 0 }',
      '  - { id: line, url: file:gone.mp4, transport: tpc }',
      '  - { id: dock, url: "rtsp://192.0.2.1/s" }',
      'model: gone',
      'server: { host: 0.0.0.0 }',
      'track: { highScore: 1.5 }',
    ];
    const { code, err } = await check(text.join('\n'));
    expect(err).toEqual([
      'ocelli: 8 mistakes:',
      '2:22: cameras[0].url needs the environment variable OCELLI_NOT_SET, which is not set',
      '2:69: cameras[0].fps expected at least 0.1; got 0',
      `3:22: cameras[1].url: There is no file or folder "${folder}/gone.mp4". Correct the address.`,
      '3:48: cameras[1].transport expected tcp or udp; got "tpc"',
      '4:11: cameras[2].id is "dock", as is cameras[0].id; every camera needs an id of its own',
      expect.stringMatching(
        /^5:8: model .*\/gone: expected a folder with card\.yaml and model\.onnx, or an \.onnx file; it cannot be read/,
      ),
      '6:17: server.host is 0.0.0.0, which other machines can reach; set server.token too, or leave it at 127.0.0.1.',
      '7:21: track.highScore expected at most 1; got 1.5',
    ]);
    expect(code).toBe(2);
  });

  it('tells programs each mistake with file, line, column, path and message', async () => {
    const { code, out } = await check('cameras:\n  - id: line\n    url: file:gone.mp4\n', '--json');
    expect(JSON.parse(out)).toMatchObject({
      code: 'CONFIG_INVALID',
      problems: [{ file, line: 3, column: 10, path: 'cameras[0].url', message: expect.stringMatching(/^There is no file or folder/) }],
    });
    expect(code).toBe(2);
  });

  it('tells programs that there is no file', async () => {
    const { code, out } = await ocelli('check', join(folder, 'none.yaml'), '--json');
    expect(JSON.parse(out)).toEqual({ error: expect.stringMatching(/^There is no configuration file/), code: 'CONFIG_NOT_FOUND' });
    expect(code).toBe(2);
  });

  it('says what is wrong with a model that is there', async () => {
    const { err } = await check(`model: ${join(process.cwd(), 'test/fixtures/models/classifier.onnx')}\n`);
    expect(err[0]).toMatch(/^ocelli: 1:8: model .*classifier\.onnx: expected an ONNX detector of the YOLO export layout/);
  });

  it.skipIf(existsSync(CUDA_LIBRARY))('says that the model cannot run where it is meant to, beside other mistakes', async () => {
    const { err } = await check(`model: ${MODEL}\nprovider: cuda\nlog: kafka://h\nframes: { encoding: gif }\n`);
    expect(err).toEqual([
      'ocelli: 2 mistakes:',
      expect.stringMatching(/^2:11: provider cuda was asked for, but the onnxruntime that is installed cannot use CUDA here/),
      '4:21: frames.encoding expected jpeg or raw; got "gif"',
    ]);
  });

  it('leaves a camera that is disabled alone', async () => {
    expect(await check('cameras: [{ id: line, url: file:gone.mp4, enabled: false }]\n')).toMatchObject({ code: 0 });
  });

  it('tells a folder without a picture', async () => {
    const { err } = await check(`cameras: [{ id: line, url: "file:${folder}" }]\n`);
    expect(err[0]).toContain(`cameras[0].url: The folder "${folder}" holds no .png, .jpg or .jpeg file.`);
  });

  it('shows no value that may be a secret', async () => {
    vi.stubEnv('OCELLI_TEST_TOKEN', 'hunter2');
    const { err } = await check(
      'server: { token: "${OCELLI_TEST_TOKEN}" }\nlog: "kafka://u:hunter3@h:1:2"\nstate: { url: "redis://hunter4@h" }\n',
    );
    vi.unstubAllEnvs();
    expect(err).toHaveLength(4);
    expect(err.join('\n')).not.toMatch(/hunter/);
  });

  it('shows the values of options that are none', async () => {
    const { err } = await check('log: { url: "kafka://u:hunter2@h", partitions: 0 }\nkeep: 5\n');
    expect(err.slice(1)).toEqual([
      '1:48: log.partitions expected at least 1; got 0',
      '2:7: keep expected a size such as 4 GiB or 500 MiB; got 5',
    ]);
  });

  it('uses the words of the HTTP interface for the same value', async () => {
    const { err } = await check('cameras: [{ id: dock, url: "rtsp://h/s", freshness: 20, start: noon, view: 5000 }]\n');
    const fields = { id: 'dock', url: 'rtsp://h/s', freshness: 20, start: 'noon', view: 5000 };
    const overHttp = checkCamera(fields, { environment: {} }).map(({ field, message }) => `cameras[0].${field} ${message.toLowerCase()}`);
    expect(overHttp).toHaveLength(3);
    expect(err.slice(1).map((line) => `${line.replace(/^\d+:\d+: /, '').toLowerCase()}.`)).toEqual(overHttp);
  });
});
