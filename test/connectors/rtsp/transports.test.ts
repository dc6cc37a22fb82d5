import { execFileSync, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../../temporary-folder.ts';
import { openSource } from './opened-source.ts';
import { answer, ScriptedCamera, usual } from './scripted-camera.ts';
import { slicePacket } from './slice-packet.ts';

describe('packets over UDP', () => {
  it('are heard from the address of the camera only, and answered with reports where it sends from', async () => {
    const [camera1, report] = [createSocket('udp4').bind(0, '127.0.0.1'), createSocket('udp4').bind(0, '127.0.0.1')];
    const stranger = createSocket('udp4').bind(0, '127.0.0.2');
    await Promise.all([camera1, report, stranger].map((socket) => once(socket, 'listening')));
    onTestFinished(() => [camera1, report, stranger].forEach((socket) => void socket.close()));
    const greeted = once(camera1, 'message');
    const reported = once(report, 'message');
    const ports = `${camera1.address().port}-${report.address().port}`;
    const scripted = await ScriptedCamera.open((asked) =>
      asked.method === 'SETUP'
        ? answer('200 OK', asked, `Transport: ${asked.headers['transport']};server_port=${ports};source=127.0.0.2\r\n`)
        : usual(asked),
    );
    const { clock, playing, until, packets, source, ended } = openSource(scripted.url(), 'udp');
    await playing;
    const port = Number(/client_port=(\d+)/.exec(scripted.asked[1]?.headers['transport'] ?? '')?.[1]);
    expect(port % 2).toBe(0);
    expect((await greeted)[1]).toMatchObject({ port });
    await new Promise((resolve) => stranger.send(slicePacket(1), port, '127.0.0.1', resolve));
    camera1.send(slicePacket(2), port, '127.0.0.1');
    camera1.send(slicePacket(4), port, '127.0.0.1');
    camera1.send(slicePacket(3), port, '127.0.0.1');
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
