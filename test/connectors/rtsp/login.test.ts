import { describe, expect, it } from 'vitest';
import { openSource } from './opened-source.ts';
import { type Asked, answer, ScriptedCamera, usual } from './scripted-camera.ts';

describe('a password', () => {
  const [user, password] = ['admin', 'p@s:s/w#d%1'];
  const login = `${user}:${encodeURIComponent(password)}@`;
  const denied = (asked: Asked, challenge: string) => answer('401 Unauthorized', asked, `WWW-Authenticate: ${challenge}\r\n`);

  it('is sent as Basic with every request when that is what the camera asks for', async () => {
    const scripted = await ScriptedCamera.open((asked) =>
      asked.headers['authorization'] ? usual(asked) : denied(asked, 'Basic realm="x"'),
    );
    await openSource(scripted.url('/live', login)).playing;
    const proof = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
    expect(scripted.asked.map(({ headers }) => headers['authorization'])).toEqual([undefined, proof, proof, proof]);
    expect(JSON.stringify(scripted.asked)).not.toContain(password);
    expect(scripted.asked.every(({ url }) => !url.includes('@'))).toBe(true);
  });

  it('is proved by Digest with every request, each use of the nonce counted', async () => {
    const challenge = 'Digest realm="x", nonce="n1", qop="auth"';
    const scripted = await ScriptedCamera.open((asked) => (asked.headers['authorization'] ? usual(asked) : denied(asked, challenge)));
    await openSource(scripted.url('/live', login)).playing;
    const counts = scripted.asked.map(({ headers }) => /nc=(\w+)/.exec(headers['authorization'] ?? '')?.[1]);
    expect(counts).toEqual([undefined, '00000001', '00000002', '00000003']);
    const uris = scripted.asked.slice(1).map(({ headers, url }) => headers['authorization']?.includes(`uri="${url}"`));
    expect(uris).toEqual([true, true, true]);
  });

  it('is proved anew when the nonce has become stale', async () => {
    const scripted = await ScriptedCamera.open((asked) => {
      const wanted = asked.method === 'PLAY' ? 'n2' : 'n1';
      return asked.headers['authorization']?.includes(`nonce="${wanted}"`)
        ? usual(asked)
        : denied(asked, `Digest realm="x", nonce="${wanted}", stale=true`);
    });
    await openSource(scripted.url('/live', login)).playing;
    expect(scripted.methods()).toEqual(['DESCRIBE', 'DESCRIBE', 'SETUP', 'PLAY', 'PLAY']);
  });

  it('that is wrong is told, without it, after one try', async () => {
    const scripted = await ScriptedCamera.open((asked) => denied(asked, 'Basic realm="x"'));
    expect(await openSource(scripted.url('/live', login)).ended).toEqual({
      cause: 'authentication',
      detail: 'the camera answers 401 Unauthorized: wrong user or password',
    });
    expect(scripted.asked).toHaveLength(2);
  });

  it('is not offered to what nobody knows', async () => {
    const scripted = await ScriptedCamera.open((asked) => denied(asked, 'Negotiate'));
    expect(await openSource(scripted.url('/live', login)).ended).toMatchObject({
      cause: 'authentication',
      detail: expect.stringContaining('not supported'),
    });
    expect(scripted.asked).toHaveLength(1);
  });
});
