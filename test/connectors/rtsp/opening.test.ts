import { describe, expect, it } from 'vitest';
import { ANSWER_LIMIT_MS } from '../../../connectors/rtsp/rtsp-connection.ts';
import { openSource } from './opened-source.ts';
import { type Asked, answer, ScriptedCamera, SDP, usual } from './scripted-camera.ts';

/** Answers DESCRIBE like this, the rest as usual. */
const describing = (text: (asked: Asked) => string | undefined) =>
  ScriptedCamera.open((asked) => (asked.method === 'DESCRIBE' ? text(asked) : usual(asked)));

describe('a camera is opened', () => {
  it('by describe, setup and play on one connection, and told that it is left', async () => {
    const scripted = await ScriptedCamera.open();
    const { source, playing, ended } = openSource(scripted.url('/a?b=c'));
    expect(await playing).toEqual({ fourcc: 'H264', fps: 12.5 });
    source.close();
    expect(await ended).toMatchObject({ cause: 'ended' });
    const base = scripted.url('/a?b=c');
    expect(scripted.asked.map(({ method, url }) => `${method} ${url}`)).toEqual([
      `DESCRIBE ${base}`,
      `SETUP ${base}/video`,
      `PLAY ${base}`,
      `TEARDOWN ${base}`,
    ]);
    expect(scripted.asked.slice(2).map(({ headers }) => headers['session'])).toEqual(['4711', '4711']);
    expect(scripted.sockets).toHaveLength(1);
  });

  it('in whatever pieces its answers come', async () => {
    const scripted = await ScriptedCamera.open((asked, _, { sockets }) => {
      for (const byte of usual(asked)) sockets[0]?.write(byte);
      return '';
    });
    expect(await openSource(scripted.url()).playing).toMatchObject({ fourcc: 'H264' });
  });

  it.each([
    ['Content-Base: rtsp://h/base/\r\n', 'track1', 'rtsp://h/base/track1', 'rtsp://h/base/'],
    ['Content-Base: rtsp://h/base\r\n', 'track1', 'rtsp://h/base/track1', 'rtsp://h/base'],
    ['Content-Location: rtsp://h/there\r\n', 'trackID=1', 'rtsp://h/there/trackID=1', 'rtsp://h/there'],
    ['', 'rtsp://10.0.0.9/absolute/track1', 'rtsp://10.0.0.9/absolute/track1', undefined],
  ])('at the addresses that it describes (%s%s), over the connection that there is', async (headers, control, setup, play) => {
    const scripted = await describing((asked) => answer('200 OK', asked, headers, SDP.replace('control:video', `control:${control}`)));
    await openSource(scripted.url()).playing;
    expect(scripted.asked[1]?.url).toBe(setup);
    expect(scripted.asked[2]?.url).toBe(play ?? scripted.url());
    expect(scripted.sockets).toHaveLength(1);
  });

  it.each([
    ['401 Unauthorized', 'authentication', /wants a password/],
    ['403 Forbidden', 'authentication', /403 Forbidden/],
    ['404 Not Found', 'not-found', /no such stream at this path/],
    ['453 Not Enough Bandwidth', 'refused', /no room for another viewer/],
    ['500 Internal Server Error', 'refused', /500/],
    ['461 Unsupported Transport', 'codec', /461/],
  ])('or refuses with %s: %s', async (status, cause, detail) => {
    const scripted = await describing((asked) => answer(status, asked));
    expect(await openSource(scripted.url()).ended).toEqual({ cause, detail: expect.stringMatching(detail) });
  });

  it.each([
    ['m=audio 0 RTP/AVP 0', /without video/],
    ['m=video 0 RTP/AVP 96\r\na=rtpmap:96 VP8/90000', /sends VP8; H264, H265, JPEG and MP4V-ES are understood/],
    ['m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=fmtp:96 packetization-mode=2', /interleaved/],
    ['m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:a b', /address/],
  ])('or sends what is not understood: %j', async (sdp, detail) => {
    const scripted = await describing((asked) => answer('200 OK', asked, '', `v=0\r\n${sdp}\r\n`));
    expect(await openSource(scripted.url()).ended).toEqual({ cause: 'codec', detail: expect.stringMatching(detail) });
  });

  it('or sends elsewhere, which is refused: neither connection nor password go to another host', async () => {
    const other = await ScriptedCamera.open();
    const scripted = await describing((asked) => answer('302 Moved', asked, `Location: ${other.url('/elsewhere')}\r\n`));
    expect(await openSource(scripted.url('/', 'admin:secret@')).ended).toEqual({
      cause: 'redirect',
      detail: `the camera answers 302 Moved, to 127.0.0.1:${other.port}; redirects are refused`,
    });
    expect(other.sockets).toEqual([]);
  });

  it('or sends elsewhere while it plays', async () => {
    const scripted = await ScriptedCamera.open();
    const { playing, ended } = openSource(scripted.url());
    await playing;
    scripted.send('REDIRECT rtsp://h/ RTSP/1.0\r\nCSeq: 1\r\nLocation: rtsp://other/\r\n\r\n');
    expect(await ended).toMatchObject({ cause: 'redirect' });
  });

  it('or is not there, which is told as such', async () => {
    const hangsUp = await ScriptedCamera.open(() => undefined);
    expect(await openSource(hangsUp.url()).ended).toMatchObject({
      cause: expect.stringMatching(/ended|refused/),
      detail: expect.stringContaining('closed the connection'),
    });
    expect(await openSource('rtsp://127.0.0.1:1/').ended).toEqual({ cause: 'refused', detail: '127.0.0.1:1 refuses connections' });
    expect(await openSource('rtsp://[::1]:1/').ended).toMatchObject({ cause: 'refused' });
    expect(await openSource('rtsp://no-such-host.invalid/').ended).toMatchObject({ cause: 'refused' });
  });

  it.each(['DESCRIBE', 'SETUP', 'PLAY'])('or is mute to %s, and given up after ten seconds', async (method) => {
    const scripted = await ScriptedCamera.open((asked) => (asked.method === method ? '' : usual(asked)));
    const { clock, ended } = openSource(scripted.url());
    await scripted.until(({ asked }) => asked.at(-1)?.method === method);
    clock.advance(ANSWER_LIMIT_MS);
    expect(await ended).toEqual({ cause: 'timeout', detail: `127.0.0.1:${scripted.port} does not answer` });
    expect(clock.waiting).toBe(0);
  });

  it.each([
    ['another protocol', 'HTTP/1.1 400 Bad Request\r\n\r\n', /no RTSP: it begins "HTTP/],
    ['a head without end', `RTSP/1.0 200 OK\r\nX: ${'x'.repeat(100_000)}`, /longer than 16384 bytes/],
    ['a body without measure', 'RTSP/1.0 200 OK\r\nContent-Length: 99999999999\r\n\r\n', /"99999999999" bytes long/],
    ['a body of less than nothing', 'RTSP/1.0 200 OK\r\nContent-Length: -5\r\n\r\n', /"-5" bytes long/],
    ['noise', '\u0001\u0002\u0003', /out of step: a byte 0x01/],
  ])('or answers with %s, which is refused', async (_, text, detail) => {
    const scripted = await ScriptedCamera.open(() => text);
    expect(await openSource(scripted.url()).ended).toMatchObject({ detail: expect.stringMatching(detail) });
  });

  it('or is left alone before it has answered, without a trace', async () => {
    const scripted = await ScriptedCamera.open(() => '');
    const { source, clock, ended, counts } = openSource(scripted.url());
    await scripted.until(({ asked }) => asked.length === 1);
    source.close();
    source.close();
    expect(await ended).toMatchObject({ cause: 'ended' });
    await scripted.until(({ sockets }) => sockets[0]?.destroyed === true);
    expect([clock.waiting, counts.ended]).toEqual([0, 1]);
  });
});
