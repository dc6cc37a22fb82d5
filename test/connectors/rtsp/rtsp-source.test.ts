import { execFileSync, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ANSWER_LIMIT_MS } from '../../../connectors/rtsp/rtsp-connection.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { type Opened, openSource } from './opened-source.ts';
import { type Asked, answer, ScriptedCamera, SDP, usual } from './scripted-camera.ts';

type Script = Parameters<typeof ScriptedCamera.open>[0];

async function camera(script?: Script): Promise<ScriptedCamera> {
  const scripted = await ScriptedCamera.open(script);
  onTestFinished(() => scripted.close());
  return scripted;
}

/** Answers DESCRIBE like this, the rest as usual. */
const describing = (text: (asked: Asked) => string | undefined) =>
  camera((asked) => (asked.method === 'DESCRIBE' ? text(asked) : usual(asked)));

describe('a camera is opened', () => {
  it('by describe, setup and play on one connection, and told that it is left', async () => {
    const scripted = await camera();
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
    const scripted = await camera((asked, _, { sockets }) => {
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
    const other = await camera();
    const scripted = await describing((asked) => answer('302 Moved', asked, `Location: ${other.url('/elsewhere')}\r\n`));
    expect(await openSource(scripted.url('/', 'admin:secret@')).ended).toEqual({
      cause: 'redirect',
      detail: `the camera answers 302 Moved, to 127.0.0.1:${other.port}; redirects are refused`,
    });
    expect(other.sockets).toEqual([]);
  });

  it('or sends elsewhere while it plays', async () => {
    const scripted = await camera();
    const { playing, ended } = openSource(scripted.url());
    await playing;
    scripted.send('REDIRECT rtsp://h/ RTSP/1.0\r\nCSeq: 1\r\nLocation: rtsp://other/\r\n\r\n');
    expect(await ended).toMatchObject({ cause: 'redirect' });
  });

  it('or is not there, which is told as such', async () => {
    const hangsUp = await camera(() => undefined);
    expect(await openSource(hangsUp.url()).ended).toMatchObject({
      cause: expect.stringMatching(/ended|refused/),
      detail: /closed the connection/,
    });
    expect(await openSource('rtsp://127.0.0.1:1/').ended).toEqual({ cause: 'refused', detail: '127.0.0.1:1 refuses connections' });
    expect(await openSource('rtsp://[::1]:1/').ended).toMatchObject({ cause: 'refused' });
    expect(await openSource('rtsp://no-such-host.invalid/').ended).toMatchObject({ cause: 'refused' });
  });

  it.each(['DESCRIBE', 'SETUP', 'PLAY'])('or is mute to %s, and given up after ten seconds', async (method) => {
    const scripted = await camera((asked) => (asked.method === method ? '' : usual(asked)));
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
    const scripted = await camera(() => text);
    expect(await openSource(scripted.url()).ended).toMatchObject({ detail: expect.stringMatching(detail) });
  });

  it('or is left alone before it has answered, without a trace', async () => {
    const scripted = await camera(() => '');
    const { source, clock, ended, counts } = openSource(scripted.url());
    await scripted.until(({ asked }) => asked.length === 1);
    source.close();
    source.close();
    expect(await ended).toMatchObject({ cause: 'ended' });
    await scripted.until(({ sockets }) => sockets[0]?.destroyed === true);
    expect([clock.waiting, counts.ended]).toEqual([0, 1]);
  });
});

describe('a camera that plays', () => {
  it('is asked at half of its time-out whether it is there', async () => {
    const scripted = await camera();
    const opened = openSource(scripted.url());
    await opened.playing;
    opened.clock.advance(9_999);
    expect(scripted.asked).toHaveLength(3);
    opened.clock.advance(1);
    await heard(scripted, opened, 4);
    opened.clock.advance(10_000);
    await heard(scripted, opened, 5);
    expect(scripted.methods().slice(3)).toEqual(['GET_PARAMETER', 'GET_PARAMETER']);
    expect(scripted.asked[3]?.headers['session']).toBe('4711');
  });

  it('is asked with OPTIONS when it does not know GET_PARAMETER', async () => {
    const scripted = await camera((asked) => (asked.method === 'GET_PARAMETER' ? answer('501 No', asked) : usual(asked)));
    const opened = openSource(scripted.url());
    await opened.playing;
    opened.clock.advance(10_000);
    await heard(scripted, opened, 5);
    opened.clock.advance(10_000);
    await heard(scripted, opened, 6);
    expect(scripted.methods().slice(3)).toEqual(['GET_PARAMETER', 'OPTIONS', 'OPTIONS']);
  });

  it('gets a report of what came every five seconds', async () => {
    const scripted = await camera();
    const { clock, playing, until } = openSource(scripted.url());
    await playing;
    for (const sequence of [65_534, 65_535, 1]) scripted.sendData(0, rtp(sequence));
    await until(3);
    clock.advance(5000);
    await scripted.until(({ interleaved }) => interleaved.length === 1);
    const { channel, bytes } = scripted.interleaved[0] as { channel: number; bytes: Buffer };
    expect(channel).toBe(1);
    expect([bytes[0], bytes[1]]).toEqual([0x81, 201]);
    expect(bytes.readUInt32BE(8)).toBe(0x1234_5678);
    expect(bytes.readUIntBE(13, 3)).toBe(1); // lost
    expect(bytes.readUInt32BE(16)).toBe(65_537); // highest, once around
  });

  it('may mix in repairs, but is opened anew when it sends another codec than it described', async () => {
    const scripted = await camera();
    const { playing, until, ended } = openSource(scripted.url());
    await playing;
    for (let sequence = 0; sequence < 49; sequence += 1) scripted.sendData(0, rtp(sequence, 97));
    scripted.sendData(0, rtp(1));
    await until(1);
    for (let sequence = 0; sequence < 50; sequence += 1) scripted.sendData(0, rtp(sequence, 98));
    expect(await ended).toEqual({
      cause: 'codec',
      detail: 'the camera described payload type 96 and sends 98: its codec was changed',
    });
  });

  it('is answered when it asks something', async () => {
    const scripted = await camera();
    const { playing } = openSource(scripted.url());
    await playing;
    const answered = new Promise((resolve) => scripted.sockets[0]?.once('data', (data) => resolve(String(data))));
    scripted.send('OPTIONS * RTSP/1.0\r\nCSeq: 77\r\n\r\n');
    expect(await answered).toBe('RTSP/1.0 501 Not Implemented\r\nCSeq: 77\r\n\r\n');
  });

  it('ends when it says goodbye, with a cause', async () => {
    const scripted = await camera();
    const { playing, ended } = openSource(scripted.url());
    await playing;
    scripted.sendData(1, Buffer.from([0x81, 203, 0, 1, 0x12, 0x34, 0x56, 0x78]));
    expect(await ended).toEqual({ cause: 'ended', detail: 'the camera says that its stream ends' });
  });

  it('gives the picture that came in one piece with the answer to PLAY', async () => {
    const idr = Buffer.from('2400000f80e0000100000001123456786588ff', 'hex');
    const scripted = await camera((asked, _, { sockets }) => {
      if (asked.method !== 'PLAY') return usual(asked);
      sockets[0]?.write(Buffer.concat([Buffer.from(usual(asked)), idr]));
      return '';
    });
    const { playing, pictures, until } = openSource(scripted.url());
    await playing;
    await until(1);
    expect(pictures.map(({ unit }) => [unit.key, unit.bytes.toString('hex')])).toEqual([[true, '000000016588ff']]);
  });

  it.each(['destroy', 'resetAndDestroy'] as const)('has ended when it hangs up, however it does: %s', async (hangUp) => {
    const scripted = await camera();
    const { playing, ended } = openSource(scripted.url());
    await playing;
    scripted.sockets[0]?.[hangUp]();
    expect(await ended).toEqual({ cause: 'ended', detail: expect.stringMatching(/closed the connection$/) });
  });

  it('ends when its connection is out of step: nobody searches pixels for the next packet', async () => {
    const scripted = await camera();
    const { playing, ended, until } = openSource(scripted.url());
    await playing;
    scripted.sendData(0, rtp(1));
    scripted.send(Buffer.from([0x99, 0x24, 0, 0, 0]));
    expect(await ended).toEqual({
      cause: 'corrupt',
      detail: 'the connection is out of step: a byte 0x99 where "$" or an RTSP message must begin',
    });
    await until(1);
  });

  it('has a second to hear that it is left', async () => {
    const scripted = await camera((asked) => (asked.method === 'TEARDOWN' ? '' : usual(asked)));
    const { source, clock, playing, ended } = openSource(scripted.url());
    await playing;
    source.close();
    await scripted.until(({ asked }) => asked.at(-1)?.method === 'TEARDOWN');
    clock.advance(1000);
    await ended;
    await scripted.until(({ sockets }) => sockets[0]?.destroyed === true);
    expect(clock.waiting).toBe(0);
  });

  it('is refused when it offers another transport than was asked for', async () => {
    const scripted = await camera((asked) =>
      asked.method === 'SETUP' ? answer('200 OK', asked, 'Transport: RTP/AVP;multicast\r\n') : usual(asked),
    );
    expect(await openSource(scripted.url()).ended).toMatchObject({ cause: 'codec', detail: expect.stringMatching(/interleaved TCP/) });
    expect(await openSource(scripted.url(), 'udp').ended).toMatchObject({ cause: 'codec', detail: expect.stringMatching(/unicast UDP/) });
  });
});

describe('a password', () => {
  const [user, password] = ['admin', 'p@s:s/w#d%1'];
  const login = `${user}:${encodeURIComponent(password)}@`;
  const denied = (asked: Asked, challenge: string) => answer('401 Unauthorized', asked, `WWW-Authenticate: ${challenge}\r\n`);

  it('is sent as Basic with every request when that is what the camera asks for', async () => {
    const scripted = await camera((asked) => (asked.headers['authorization'] ? usual(asked) : denied(asked, 'Basic realm="x"')));
    await openSource(scripted.url('/live', login)).playing;
    const proof = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
    expect(scripted.asked.map(({ headers }) => headers['authorization'])).toEqual([undefined, proof, proof, proof]);
    expect(JSON.stringify(scripted.asked)).not.toContain(password);
    expect(scripted.asked.every(({ url }) => !url.includes('@'))).toBe(true);
  });

  it('is proved by Digest with every request, each use of the nonce counted', async () => {
    const challenge = 'Digest realm="x", nonce="n1", qop="auth"';
    const scripted = await camera((asked) => (asked.headers['authorization'] ? usual(asked) : denied(asked, challenge)));
    await openSource(scripted.url('/live', login)).playing;
    const counts = scripted.asked.map(({ headers }) => /nc=(\w+)/.exec(headers['authorization'] ?? '')?.[1]);
    expect(counts).toEqual([undefined, '00000001', '00000002', '00000003']);
    const uris = scripted.asked.slice(1).map(({ headers, url }) => headers['authorization']?.includes(`uri="${url}"`));
    expect(uris).toEqual([true, true, true]);
  });

  it('is proved anew when the nonce has become stale', async () => {
    const scripted = await camera((asked) => {
      const wanted = asked.method === 'PLAY' ? 'n2' : 'n1';
      return asked.headers['authorization']?.includes(`nonce="${wanted}"`)
        ? usual(asked)
        : denied(asked, `Digest realm="x", nonce="${wanted}", stale=true`);
    });
    await openSource(scripted.url('/live', login)).playing;
    expect(scripted.methods()).toEqual(['DESCRIBE', 'DESCRIBE', 'SETUP', 'PLAY', 'PLAY']);
  });

  it('that is wrong is told, without it, after one try', async () => {
    const scripted = await camera((asked) => denied(asked, 'Basic realm="x"'));
    expect(await openSource(scripted.url('/live', login)).ended).toEqual({
      cause: 'authentication',
      detail: 'the camera answers 401 Unauthorized: wrong user or password',
    });
    expect(scripted.asked).toHaveLength(2);
  });

  it('is not offered to what nobody knows', async () => {
    const scripted = await camera((asked) => denied(asked, 'Negotiate'));
    expect(await openSource(scripted.url('/live', login)).ended).toMatchObject({ cause: 'authentication', detail: /not supported/ });
    expect(scripted.asked).toHaveLength(1);
  });
});

describe('packets over UDP', () => {
  it('are heard from the address of the camera only, and answered with reports where it sends from', async () => {
    const [camera1, report] = [createSocket('udp4').bind(0, '127.0.0.1'), createSocket('udp4').bind(0, '127.0.0.1')];
    const stranger = createSocket('udp4').bind(0, '127.0.0.2');
    await Promise.all([camera1, report, stranger].map((socket) => once(socket, 'listening')));
    onTestFinished(() => [camera1, report, stranger].forEach((socket) => void socket.close()));
    const greeted = once(camera1, 'message');
    const reported = once(report, 'message');
    const ports = `${camera1.address().port}-${report.address().port}`;
    const scripted = await camera((asked) =>
      asked.method === 'SETUP'
        ? answer('200 OK', asked, `Transport: ${asked.headers['transport']};server_port=${ports};source=127.0.0.2\r\n`)
        : usual(asked),
    );
    const { clock, playing, until, packets, source, ended } = openSource(scripted.url(), 'udp');
    await playing;
    const port = Number(/client_port=(\d+)/.exec(scripted.asked[1]?.headers['transport'] ?? '')?.[1]);
    expect(port % 2).toBe(0);
    expect((await greeted)[1]).toMatchObject({ port });
    await new Promise((resolve) => stranger.send(rtp(1), port, '127.0.0.1', resolve));
    camera1.send(rtp(2), port, '127.0.0.1');
    camera1.send(rtp(4), port, '127.0.0.1');
    camera1.send(rtp(3), port, '127.0.0.1');
    await until(3);
    expect(packets).toHaveLength(3);
    clock.advance(5000);
    const [bytes] = (await reported) as [Buffer];
    expect([bytes.readUIntBE(13, 3), bytes.readUInt32BE(16)]).toEqual([0, 4]);
    source.close();
    await ended;
    expect(clock.waiting).toBe(0);
  });
});

describe('rtsps', () => {
  it.skipIf(spawnSync('openssl', ['version']).status !== 0)('is spoken to a camera that signed its certificate itself', async () => {
    const folder = temporaryFolder();
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1', '-subj', '/CN=camera'];
    execFileSync('openssl', ['req', '-x509', ...curve, '-keyout', key, '-out', cert], { stdio: 'ignore' });
    const scripted = await ScriptedCamera.open(usual, { key: readFileSync(key), cert: readFileSync(cert) });
    onTestFinished(() => scripted.close());
    expect(await openSource(scripted.url().replace('rtsp:', 'rtsps:')).playing).toMatchObject({ fourcc: 'H264' });
  });

  it('is refused by a port that does not speak TLS, in words', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.write('RTSP/1.0 400 Bad Request\r\n\r\n'));
    }).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    expect(await openSource(`rtsps://127.0.0.1:${port}/`).ended).toEqual({
      cause: 'codec',
      detail: `127.0.0.1:${port} does not speak TLS`,
    });
  });
});

/** The camera got so many requests, and its answers were read: a packet that it sent behind them has come. */
async function heard(scripted: ScriptedCamera, { packets, until }: Opened, requests: number): Promise<void> {
  await scripted.until(({ asked }) => asked.length === requests);
  scripted.sendData(0, rtp(packets.length));
  await until(packets.length + 1);
}

/** A packet of one slice that is not its picture's last. */
function rtp(sequence: number, payloadType = 96): Buffer {
  const packet = Buffer.from([0x80, payloadType, 0, 0, 0, 0, 0, 1, 0x12, 0x34, 0x56, 0x78, 0x41, 0x9a, 0, 0]);
  packet.writeUInt16BE(sequence, 2);
  return packet;
}
