import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Cameras, serveCameras } from '../../../demo/cameras/index.ts';
import type { CamerasAnswer, ProbeReply, RefusalAnswer } from '../../../ui/cameras.ts';
import { firstRecord } from '../../end-to-end/followed-records.ts';
import { SiteFolder, type SiteProcess } from '../../end-to-end/site-process.ts';
import { testClip } from '../../end-to-end/test-clips.ts';

const MODEL = `${process.cwd()}/test/fixtures/models/quadrants.onnx`;
const PASSWORD = 'right-S3cret@1';
const TOKEN = 'token-S3cret-2';
const OTHER = 'other-S3cret-3';

/** A running site with a token, one simulated camera in the file and another one that waits to be added. */
describe('cameras over HTTP', { timeout: 120_000 }, () => {
  let cameras: Cameras;
  let site: SiteFolder;
  let running: SiteProcess;
  let base: string;
  let file: string;
  const answers: string[] = [];

  beforeAll(async () => {
    const clip = testClip('testsrc2', 4);
    cameras = await serveCameras({ clips: { open: clip, shut: clip } });
    await cameras.fault('shut', { password: { scheme: 'digest', user: 'viewer', password: PASSWORD, qop: false } });
    site = new SiteFolder([]);
    file = `# Ours.\nmodel: ${MODEL}\nserver: { port: 0, token: "\${SITE_TOKEN}" } # ask Ada\ncameras:\n  # By the gate.\n  - id: gate\n    url: "${cameras.url('open').replace('//', `//viewer:${OTHER}@`)}" # no password needed\n    fps: 5\n  - id: clip\n    url: file:${clip}\n    enabled: false\n`;
    writeFileSync(site.file, file);
    running = site.runIn({ environment: { SITE_TOKEN: TOKEN, CAMERA_PASSWORD: PASSWORD, OTHER_SECRET: OTHER } }, '--log-level', 'debug');
    base = await running.url();
  }, 120_000);

  afterEach(() => writeFileSync(site.file, file));

  afterAll(async () => {
    await running.kill('SIGTERM');
    cameras.close();
  });

  async function ask(method: string, path = '', body?: unknown, headers: Record<string, string> = {}) {
    const json = body === undefined ? {} : { 'content-type': 'application/json' };
    const response = await fetch(`${base}/api/cameras${path}`, {
      method,
      headers: { authorization: `Bearer ${TOKEN}`, ...json, ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    answers.push(text, JSON.stringify([...response.headers]));
    return { status: response.status, body: JSON.parse(text), etag: response.headers.get('etag') ?? '' };
  }
  const list = async () => (await ask('GET')).body as CamerasAnswer;
  const shutUrl = (password: string) => cameras.url('shut').replace('//', `//viewer:${password}@`);
  const written = () => readFileSync(site.file, 'utf8');
  const stateOf = async (id: string) => (await list()).cameras.find((camera) => camera.id === id)?.state;

  it('are listed as they stand and as they are written, without a secret', async () => {
    const { body, etag } = await ask('GET');
    const [gate] = (body as CamerasAnswer).cameras;
    expect(gate?.settings).toMatchObject({ url: cameras.url('open').replace('//', '//***@'), fps: 5, freshness: 500, enabled: true });
    expect((body as CamerasAnswer).configuration).toEqual({ editable: true });
    expect(etag).toMatch(/^"[0-9a-f]{32}"$/);
  });

  it('are added, and run; the file keeps its comments, and the reference to the password', async () => {
    const added = await ask('POST', '', { url: shutUrl('${CAMERA_PASSWORD}'), id: 'dock', fps: 4 });
    expect(added).toMatchObject({ status: 201, body: { added: 'dock' } });
    expect(written()).toBe(`${file}  - id: dock\n    url: ${shutUrl('${CAMERA_PASSWORD}')}\n    fps: 4\n`);
    expect((await list()).cameras.map(({ id }) => id)).toEqual(['gate', 'clip', 'dock']);
    await firstRecord(running, 'detections', ({ camera, type }) => camera === 'dock' && type === 'detections', TOKEN);
    expect(await stateOf('dock')).toBe('running');
    const { settings } = (await list()).cameras.at(-1) ?? {};
    expect(settings?.url).toBe(cameras.url('shut').replace('//', '//***:${CAMERA_PASSWORD}@'));

    expect(await ask('PATCH', '/dock', { enabled: false, url: settings?.url })).toMatchObject({ status: 200 });
    expect(await stateOf('dock')).toBe('disabled');
    expect(written()).toContain(`url: ${shutUrl('${CAMERA_PASSWORD}')}\n    fps: 4\n    enabled: false\n`);

    expect(await ask('DELETE', '/dock')).toMatchObject({ status: 200, body: { removed: 'dock' } });
    expect(written()).toBe(file);
    expect((await list()).cameras).toHaveLength(2);
  });

  it('are changed without touching the password, which never goes to another host', async () => {
    const moved = cameras.url('open').replace('//', '//***@').replace('/open', '/shut');
    expect((await ask('PATCH', '/gate', { url: moved, fps: 2, view: false })).status).toBe(200);
    expect(written()).toBe(file.replace('/open"', '/shut"').replace('fps: 5\n', 'fps: 2\n    view: false\n'));
    const { status, body } = await ask('PATCH', '/gate', { url: 'rtsp://***@198.51.100.7/s' });
    expect([status, (body as RefusalAnswer).errors[0]]).toEqual([
      422,
      { field: 'url', message: expect.stringContaining('leads to another host than before; give user and password again') },
    ]);
  });

  it('that stand in the file as a recording can be enabled and removed', async () => {
    expect((await ask('PATCH', '/clip', { fps: 1, pace: 'real-time' })).status).toBe(200);
    expect((await ask('DELETE', '/clip')).status).toBe(200);
    expect(written()).not.toContain('clip');
  });

  const url = 'rtsp://192.0.2.9/s';
  it.each([
    ['a recording', { id: 'b', url: 'file:///etc/passwd' }, 'url', /over the network only rtsp:\/\/ and rtsps:\/\//],
    ['another kind of address', { id: 'b', url: 'exec:reboot' }, 'url', /has the scheme exec:; expected rtsp/],
    ['the metadata service', { id: 'b', url: 'rtsp://2852039166/s' }, 'url', /metadata service/],
    ['a secret of the server', { id: 'b', url: 'rtsp://u:${SITE_TOKEN}@192.0.2.9/s' }, 'url', /refers to \$\{SITE_TOKEN\}; .* CAMERA_/],
    ['another secret in the path', { id: 'b', url: 'rtsp://192.0.2.9/${CAMERA_PASSWORD}' }, 'url', /in user and password only/],
    ['a variable that is not set', { id: 'b', url: 'rtsp://u:${CAMERA_NOT_SET}@h/s' }, 'url', /CAMERA_NOT_SET, which is not set/],
    ['a hidden password of nobody', { id: 'b', url: 'rtsp://***@h/s' }, 'url', /no user and password are stored/],
    ['no name', { url }, 'id', /A value is needed/],
    ['a name with a path', { id: '../x', url }, 'id', /Expected 1 to 64 letters.*got "\.\.\/x"/],
    ['an unknown key', { id: 'b', url, fsp: 5 }, 'fsp', /did you mean "fps"\?/],
    ['a text for a number', { id: 'b', url, fps: '5' }, 'fps', /Expected a number.*got "5"/],
    ['a number out of range', { id: 'b', url, fps: 1000 }, 'fps', /Expected at most 60; got 1000/],
    ['a width out of range', { id: 'b', url, view: 5 }, 'view', /Expected at least 160; got 5/],
  ])('are refused with %s, at the field', async (_name, camera, field, message) => {
    const { status, body } = await ask('POST', '', camera);
    expect({ status, errors: body.errors }).toEqual({ status: 422, errors: [{ field, message: expect.stringMatching(message) }] });
    expect(written()).toBe(file);
  });

  it('say all that is wrong at once', async () => {
    const { body } = await ask('POST', '', { id: 'a b', url: 'http://h/', fps: 0, x: 1 });
    expect((body as RefusalAnswer).errors.map(({ field }) => field).sort()).toEqual(['fps', 'id', 'url', 'x']);
  });

  it('that are there already, or are not there, are told as such', async () => {
    expect(await ask('POST', '', { id: 'gate', url })).toMatchObject({ status: 409, body: { errors: [{ field: 'id' }] } });
    expect((await ask('PATCH', '/nowhere', { fps: 1 })).status).toBe(404);
    expect((await ask('DELETE', '/..%2fgate')).status).toBe(404);
    expect(await ask('PATCH', '/gate', { id: 'other' })).toMatchObject({ status: 422, body: { errors: [{ field: 'id' }] } });
    expect(await ask('PATCH', '/gate', { url: null })).toMatchObject({ status: 422, body: { errors: [{ field: 'url' }] } });
    expect(await ask('PATCH', '/gate', { nothing: null })).toMatchObject({ status: 422, body: { errors: [{ field: 'nothing' }] } });
    expect(await ask('PATCH', '/clip', { url: 'file:///etc/passwd' })).toMatchObject({ status: 422, body: { errors: [{ field: 'url' }] } });
  });

  it('are not changed over the head of another editor', async () => {
    const { etag } = await ask('GET');
    appendFileSync(site.file, '# by hand\n');
    expect(await ask('PATCH', '/gate', { fps: 1 }, { 'if-match': etag })).toMatchObject({
      status: 412,
      body: { error: expect.stringContaining('somebody else') },
    });
    expect(written()).toBe(`${file}# by hand\n`);
    const now = await ask('GET');
    const changed = await ask('PATCH', '/gate', { fps: 1 }, { 'if-match': now.etag });
    expect([changed.status, (await ask('GET')).etag]).toEqual([200, changed.etag]);
  });

  it('cannot be changed while the file has a mistake, which is told with its line', async () => {
    writeFileSync(site.file, file.replace('fps: 5', 'fsp: 5'));
    const { status, body } = await ask('PATCH', '/gate', { fps: 1 });
    expect([status, body.error]).toEqual([409, expect.stringMatching(/ocelli\.yaml:8:5: cameras\[0\]\.fsp is not a key/)]);
    expect((await list()).configuration).toEqual({ editable: false, why: expect.stringMatching(/has mistakes.*:8:5:/) });
  });

  describe('are tried before they are saved', () => {
    const probe = async (body: object) => (await ask('POST', '/probe', body)).body as ProbeReply;

    it('with a picture', async () => {
      const answer = await probe({ url: shutUrl('${CAMERA_PASSWORD}') });
      expect(answer).toMatchObject({ ok: true, codec: 'h264', image: { width: 960, height: 540 } });
      expect(
        answer.ok &&
          Buffer.from(answer.picture.split(',')[1] ?? '', 'base64')
            .subarray(0, 3)
            .toString('hex'),
      ).toBe('ffd8ff');
    });

    it('or with what is wrong, at the field', async () => {
      expect(await probe({ url: shutUrl('wrong-4') })).toMatchObject({
        ok: false,
        cause: 'authentication',
        errors: [{ field: 'password' }],
      });
      expect(await probe({ url: cameras.url('shut') })).toMatchObject({
        ok: false,
        errors: [{ field: 'user', message: expect.stringContaining('wants a password') }],
      });
      expect(await probe({ url: 'rtsp://127.0.0.1:1/s' })).toMatchObject({ ok: false, cause: 'refused', errors: [{ field: 'url' }] });
    });

    it('with the stored password, at the same host only', async () => {
      expect(await probe({ id: 'gate' })).toMatchObject({ ok: true });
      expect((await ask('POST', '/probe', { id: 'gate', url: 'rtsp://***@127.0.0.1:1/s' })).status).toBe(422);
      expect((await ask('POST', '/probe', { id: 'clip' })).status).toBe(422);
    });

    it('two at a time', async () => {
      await cameras.fault('open', { freeze: true });
      const giveUp = new AbortController();
      const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };
      const body = JSON.stringify({ id: 'gate' });
      const asked = [1, 2, 3].map(() => fetch(`${base}/api/cameras/probe`, { method: 'POST', headers, body, signal: giveUp.signal }));
      const first = await Promise.race(asked);
      giveUp.abort();
      await Promise.allSettled(asked);
      await cameras.fault('open', { freeze: false });
      expect([first.status, first.headers.get('retry-after')]).toEqual([429, '5']);
    });
  });

  describe('are closed to', () => {
    it.each([
      ['forms of other pages', 'POST', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
      ['text that is no JSON by its name', 'POST', { 'content-type': 'text/plain' }, 415],
      ['scripts of other pages', 'POST', { origin: 'https://evil.example' }, 403],
      ['pages without an origin', 'DELETE', { origin: 'null' }, 403],
      ['whoever has no token', 'POST', { authorization: 'Bearer wrong-token' }, 401],
    ])('%s', async (_name, method, headers, status) => {
      const path = method === 'DELETE' ? '/gate' : '';
      expect((await ask(method, path, method === 'DELETE' ? undefined : { id: 'b', url }, headers as never)).status).toBe(status);
      expect(written()).toBe(file);
    });

    it('another host name', async () => {
      const { promise, resolve } = Promise.withResolvers<number | undefined>();
      request(`${base}/api/cameras/gate`, { method: 'DELETE', headers: { host: 'evil.example' } }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      }).end();
      expect(await promise).toBe(421);
    });

    it.each([
      ['no JSON', '{"id":', 400],
      ['no object', '[1]', 400],
      ['nothing', '{}', 400],
      ['poison', '{"__proto__":{"id":"b"}}', 400],
      ['depth', `{"id":${'['.repeat(5000)}${']'.repeat(5000)}}`, 422],
      ['a megabyte', `{"id":"${'x'.repeat(1 << 20)}"}`, 413],
    ])('bodies of %s', async (_name, body, status) => {
      const answer = await ask('POST', '', body);
      expect([answer.status, answer.body.errors.length > 0]).toEqual([status, true]);
    });
  });

  it('tell no secret in any of these answers, nor in the log', async () => {
    const said = [...answers, running.output].join('\n');
    expect([PASSWORD, encodeURIComponent(PASSWORD), OTHER, TOKEN].filter((secret) => said.includes(secret))).toEqual([]);
    expect(said).toContain('***');
  });
});
