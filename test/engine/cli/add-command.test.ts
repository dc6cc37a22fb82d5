import { spawnSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Cameras, serveCameras } from '../../../demo/cameras/index.ts';
import { chooseCameraId } from '../../../engine/config/choose-camera-id.ts';
import { SiteProcess } from '../../end-to-end/site-process.ts';
import { testClip } from '../../end-to-end/test-clips.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { ocelli } from './command-line.ts';

const PASSWORD = 's3cret-add-1';
const NAMESPACE = ['unshare', '--map-root-user', '--mount', 'sh', '-c'];
const CAN_MOUNT = spawnSync('unshare', [...NAMESPACE.slice(1), 'mount -t tmpfs -o size=1m tmpfs /mnt']).status === 0;

describe('ocelli add', { timeout: 60_000 }, () => {
  let cameras: Cameras;

  beforeAll(async () => {
    cameras = await serveCameras({ clips: { dock: testClip('testsrc2', 4) } });
    await cameras.fault('dock', { password: { scheme: 'digest', user: 'viewer', password: PASSWORD, qop: false } });
  });

  afterAll(() => cameras.close());
  afterEach(() => void vi.unstubAllEnvs());

  const address = (password: string) => cameras.url('dock').replace('//', `//viewer:${password}@`);
  async function add(url: string, file: string, ...options: string[]) {
    vi.stubEnv('CAMERA_PW', PASSWORD);
    const { code, out, err } = await ocelli('add', url, '-c', file, ...options);
    return { code, said: out + err };
  }

  it('tries the camera, begins a file that only its owner can read, and keeps the reference', async () => {
    const file = join(temporaryFolder(), 'ocelli.yaml');
    const { code, said } = await add(address('${CAMERA_PW}'), file);
    expect(said).toMatch(
      /^Added camera-1 to .*ocelli\.yaml: rtsp:\/\/\*\*\*:\$\{CAMERA_PW\}@.* \(h264, 960×540, \d+ fps\)\.\n[\s\S]*Run it with: ocelli run/,
    );
    expect(said).not.toContain('password stands in the file');
    expect(readFileSync(file, 'utf8')).toBe(`cameras:\n  - id: camera-1\n    url: ${address('${CAMERA_PW}')}\n`);
    expect([code, statSync(file).mode & 0o777]).toEqual([0, 0o600]);
  });

  it('writes nothing for a camera that shows no picture, and says why', async () => {
    const file = join(temporaryFolder(), 'ocelli.yaml');
    writeFileSync(file, '# Mine.\n');
    const { code, said } = await add(address('wrong-2'), file, '--json');
    expect(JSON.parse(said)).toMatchObject({ added: null, cause: 'authentication', errors: [{ field: 'password' }] });
    expect([code, readFileSync(file, 'utf8')]).toEqual([1, '# Mine.\n']);
  });

  it('says what is wrong with what it was given, without the password', async () => {
    const file = join(temporaryFolder(), 'ocelli.yaml');
    const { code, said } = await add(`rtsp://viewer:${PASSWORD}@192.0.2.1:99999/s`, file, '--fps', '0.01');
    expect(said).toMatch(
      /The camera was not added\.\n[\s\S]*url: The address is not a valid address[\s\S]*fps: Expected at least 0\.1; got 0\.01\./,
    );
    expect([code, said.includes(PASSWORD)]).toEqual([2, false]);
  });

  it('adds without trying when it is told to', async () => {
    const file = join(temporaryFolder(), 'ocelli.yaml');
    const { code, said } = await add(`rtsp://viewer:${PASSWORD}@dock.invalid/s`, file, '--no-probe', '--id', 'far', '--fps', '2', '--json');
    expect([code, JSON.parse(said)]).toEqual([0, { added: 'far', file, new: true, url: 'rtsp://***@dock.invalid/s' }]);
    expect(readFileSync(file, 'utf8')).toContain('    fps: 2\n');
  });

  it('takes an address once, by whomever and however it is written, and a name once', async () => {
    const file = join(temporaryFolder(), 'ocelli.yaml');
    const text = 'cameras:\n  - id: dock\n    url: rtsp://viewer:pw@Dock.example.com/s?stream=2\n';
    writeFileSync(file, text);
    const again = await ocelli('add', 'rtsp://admin@dock.example.com:554/s?stream=2', '-c', file, '--no-probe', '--id', 'again');
    expect(again.err).toBe(
      'ocelli: The camera was not added.\n  url: The camera dock has this address already. To watch it a second time, say --force.\n',
    );
    const named = await ocelli('add', 'rtsp://other.example.com/s', '-c', file, '--no-probe', '--id', 'dock');
    expect(named.err).toBe('ocelli: The camera was not added.\n  id: There is a camera dock already. Choose another name.\n');
    expect([again.code, named.code, readFileSync(file, 'utf8')]).toEqual([2, 2, text]);
    const other = await ocelli('add', 'rtsp://dock.example.com/s?stream=1', '-c', file, '--no-probe');
    const forced = await ocelli('add', 'rtsp://dock.example.com/s?stream=2', '-c', file, '--no-probe', '--force');
    expect([other, forced].map(({ code, out }) => [code, out.split(' ')[1]])).toEqual([
      [0, 'dock-2'],
      [0, 'dock-3'],
    ]);
  });

  it.runIf(CAN_MOUNT)('says why a file on a read-only disk cannot be changed', async () => {
    const folder = temporaryFolder();
    const onDisk = 'mount -t tmpfs -o size=1m tmpfs "$0" && echo "# Mine." > "$0/ocelli.yaml" && mount -o remount,ro "$0" && exec "$@"';
    const args = ['add', 'rtsp://192.0.2.1/s', '-c', join(folder, 'ocelli.yaml'), '--no-probe'];
    const running = new SiteProcess(args, { wrapper: [...NAMESPACE, onDisk, folder] });
    expect(await running.exited).toMatchObject({ code: 1 });
    expect(running.output).toMatch(/cannot be changed: it lies on a file system that is mounted read-only/);
  });
});

describe('a camera that nobody named', () => {
  it.each([
    ['rtsp://192.0.2.1/s', [], 'camera-1'],
    ['rtsp://u:p@[2001:db8::1]/s', ['camera-1', 'camera-2'], 'camera-3'],
    ['rtsp://dock.example.com/s', [], 'dock'],
    ['rtsp://dock.example.com/s', ['dock'], 'dock-2'],
    ['file:clips/line a.mp4', [], 'line-a'],
    ['file:///srv/Halle%20%C3%84.mkv', [], 'Halle'],
    ['rtsp://${HOST}/s', [], 'HOST'],
  ])('%s, beside %j, is called %s', (url, taken, id) => {
    expect(chooseCameraId(url, new Set(taken))).toBe(id);
  });
});
