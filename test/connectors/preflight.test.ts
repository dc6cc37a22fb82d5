import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { PREFLIGHT_LIMIT_MS, preflight } from '../../connectors/preflight.ts';
import { authorization } from '../../connectors/rtsp-authorization.ts';
import { ManualClock } from '../manual-clock.ts';

/** An RTSP server that answers each request as it is told, and keeps what it was asked. */
async function server(answer: (request: string, number: number) => string | undefined) {
  const requests: string[] = [];
  const listening = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      requests.push(data.toString());
      const text = answer(data.toString(), requests.length);
      if (text === undefined) socket.destroy();
      else socket.write(text);
    });
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void listening.close());
  await new Promise((resolve) => listening.once('listening', resolve));
  return { port: (listening.address() as { port: number }).port, requests };
}

const SDP =
  'v=0\r\nm=audio 0 RTP/AVP 0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=framerate:12.5\r\na=fmtp:96 sprop-parameter-sets=Z0==,aM==\r\n';
const answer = (status: string, headers = '', body = '') =>
  `RTSP/1.0 ${status}\r\nCSeq: 1\r\n${headers}Content-Length: ${body.length}\r\n\r\n${body}`;

function ask(url: string, clock = new ManualClock(), signal = new AbortController().signal) {
  return preflight(url, clock, signal);
}

describe('a camera is asked before it is opened', () => {
  it('and describes its video', async () => {
    const { port, requests } = await server(() => answer('200 OK', '', SDP));
    expect(await ask(`rtsp://127.0.0.1:${port}/a?b=c`)).toEqual({
      ok: true,
      description: { codec: 'H264', fps: 12.5, parameterSets: true },
    });
    expect(requests[0]).toContain(`DESCRIBE rtsp://127.0.0.1:${port}/a?b=c RTSP/1.0\r\n`);
  });

  it('in whatever pieces the answer comes', async () => {
    const listening = createServer((socket) => {
      socket.on('data', () => {
        const bytes = answer('200 OK', '', SDP);
        let at = 0;
        const drip = () => {
          socket.write(bytes.slice(at, at + 3));
          at += 3;
          if (at < bytes.length) setImmediate(drip);
        };
        drip();
      });
    }).listen(0, '127.0.0.1');
    onTestFinished(() => void listening.close());
    await new Promise((resolve) => listening.once('listening', resolve));
    const { port } = listening.address() as { port: number };
    expect(await ask(`rtsp://127.0.0.1:${port}/`)).toMatchObject({ ok: true });
  });

  it.each([
    ['401 Unauthorized', 'authentication', /wants a password/],
    ['403 Forbidden', 'authentication', /403 Forbidden/],
    ['404 Not Found', 'not-found', /no such stream at this path/],
    ['453 Not Enough Bandwidth', 'refused', /no room for another viewer/],
    ['500 Internal Server Error', 'refused', /500/],
    ['461 Unsupported Transport', 'codec', /461/],
  ])('and is refused with %s: %s', async (status, cause, detail) => {
    const { port } = await server(() => answer(status));
    expect(await ask(`rtsp://127.0.0.1:${port}/`)).toEqual({ ok: false, reason: { cause, detail: expect.stringMatching(detail) } });
  });

  it('and is refused when it has no video', async () => {
    const { port } = await server(() => answer('200 OK', '', 'v=0\r\nm=audio 0 RTP/AVP 0\r\n'));
    expect(await ask(`rtsp://127.0.0.1:${port}/`)).toMatchObject({ ok: false, reason: { cause: 'codec' } });
  });

  it('and a redirect is refused: neither connection nor password go to another host', async () => {
    const other = await server(() => answer('200 OK', '', SDP));
    const location = `Location: rtsp://127.0.0.1:${other.port}/elsewhere\r\n`;
    const { port } = await server(() => answer('302 Moved', location));
    expect(await ask(`rtsp://admin:secret@127.0.0.1:${port}/`)).toEqual({
      ok: false,
      reason: { cause: 'redirect', detail: `the camera answers 302 Moved, to 127.0.0.1:${other.port}; redirects are refused` },
    });
    expect(other.requests).toEqual([]);
  });

  it('and nobody there is told as such', async () => {
    const { port } = await server(() => undefined);
    expect(await ask(`rtsp://127.0.0.1:${port}/`)).toMatchObject({
      ok: false,
      reason: { cause: 'refused', detail: /closed the connection/ },
    });
    expect(await ask('rtsp://127.0.0.1:1/')).toMatchObject({ reason: { cause: 'refused', detail: '127.0.0.1:1 refuses connections' } });
    expect(await ask('rtsp://[::1]:1/')).toMatchObject({ reason: { cause: 'refused' } });
    expect(await ask('rtsp://no-such-host.invalid/')).toMatchObject({ reason: { cause: 'refused' } });
  });

  it('and one that is mute is given up after ten seconds', async () => {
    const { port, requests } = await server(() => '');
    const clock = new ManualClock();
    const asked = ask(`rtsp://127.0.0.1:${port}/`, clock);
    while (requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
    clock.advance(PREFLIGHT_LIMIT_MS);
    expect(await asked).toEqual({ ok: false, reason: { cause: 'timeout', detail: `127.0.0.1:${port} does not answer` } });
  });

  it('and what is no RTSP is refused', async () => {
    const { port } = await server(() => 'HTTP/1.1 400 Bad Request\r\n\r\n');
    expect(await ask(`rtsp://127.0.0.1:${port}/`)).toMatchObject({ ok: false, reason: { detail: expect.stringContaining('no RTSP') } });
  });

  it('and one that answers without end is refused', async () => {
    const { port } = await server(() => `RTSP/1.0 200 OK\r\nX: ${'x'.repeat(100_000)}`);
    expect(await ask(`rtsp://127.0.0.1:${port}/`)).toMatchObject({ ok: false });
  });

  it('and is left alone when nobody waits for it any more', async () => {
    const { port } = await server(() => '');
    const giveUp = new AbortController();
    const asked = ask(`rtsp://127.0.0.1:${port}/`, new ManualClock(), giveUp.signal);
    giveUp.abort();
    expect(await asked).toMatchObject({ ok: false });
  });
});

describe('a password', () => {
  const user = { user: 'admin', password: 'p@s:s/w#d%1' };
  const url = (port: number) => `rtsp://admin:${encodeURIComponent(user.password)}@127.0.0.1:${port}/live`;

  it('is sent as Basic when that is what the camera asks for', async () => {
    const { port, requests } = await server((_, number) =>
      number === 1 ? answer('401 Unauthorized', 'WWW-Authenticate: Basic realm="x"\r\n') : answer('200 OK', '', SDP),
    );
    expect(await ask(url(port))).toMatchObject({ ok: true });
    expect(requests[1]).toContain(`Authorization: Basic ${Buffer.from(`admin:${user.password}`).toString('base64')}\r\n`);
    expect(requests.join()).not.toContain(user.password);
  });

  it('that is wrong is told, without it', async () => {
    const { port } = await server(() => answer('401 Unauthorized', 'WWW-Authenticate: Basic realm="x"\r\n'));
    const { reason } = (await ask(url(port))) as { reason: { cause: string; detail: string } };
    expect(reason).toEqual({ cause: 'authentication', detail: 'the camera answers 401 Unauthorized: wrong user or password' });
  });

  it('is proved by Digest as in RFC 2617, section 3.5, without `qop`', () => {
    const challenge =
      'Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"';
    const header = authorization([challenge], { user: 'Mufasa', password: 'Circle Of Life' }, 'GET', '/dir/index.html');
    // MD5 of the three parts, by RFC 2069: computed with openssl.
    expect(header).toContain('response="670fd8c2df070c60b045671b8b24ff02"');
    expect(header).toContain('opaque="5ccc069c403ebaf9f0171e9517f40e41"');
  });

  it('is proved by Digest before Basic where both will do', () => {
    const header = authorization(['Basic realm="x"', 'Digest realm="x", nonce="y", qop="auth"'], user, 'DESCRIBE', 'rtsp://h/');
    expect(header).toMatch(
      /^Digest username="admin", realm="x", nonce="y", uri="rtsp:\/\/h\/", response="[0-9a-f]{32}", cnonce=.*qop=auth, nc=00000001$/,
    );
  });

  it('is not offered to what nobody knows', () => {
    expect(authorization(['Negotiate'], user, 'DESCRIBE', 'rtsp://h/')).toBeUndefined();
  });
});
