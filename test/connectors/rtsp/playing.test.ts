import { describe, expect, it } from 'vitest';
import { type Opened, openSource } from './opened-source.ts';
import { answer, ScriptedCamera, usual } from './scripted-camera.ts';
import { slicePacket } from './slice-packet.ts';

describe('a camera that plays', () => {
  it('is asked at half of its time-out whether it is there', async () => {
    const scripted = await ScriptedCamera.open();
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
    const scripted = await ScriptedCamera.open((asked) => (asked.method === 'GET_PARAMETER' ? answer('501 No', asked) : usual(asked)));
    const opened = openSource(scripted.url());
    await opened.playing;
    opened.clock.advance(10_000);
    await heard(scripted, opened, 5);
    opened.clock.advance(10_000);
    await heard(scripted, opened, 6);
    expect(scripted.methods().slice(3)).toEqual(['GET_PARAMETER', 'OPTIONS', 'OPTIONS']);
  });

  it('gets a report of what came every five seconds', async () => {
    const scripted = await ScriptedCamera.open();
    const { clock, playing, until } = openSource(scripted.url());
    await playing;
    for (const sequence of [65_534, 65_535, 1]) scripted.sendData(0, slicePacket(sequence));
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
    const scripted = await ScriptedCamera.open();
    const { playing, until, ended } = openSource(scripted.url());
    await playing;
    for (let sequence = 0; sequence < 49; sequence += 1) scripted.sendData(0, slicePacket(sequence, 97));
    scripted.sendData(0, slicePacket(1));
    await until(1);
    for (let sequence = 0; sequence < 50; sequence += 1) scripted.sendData(0, slicePacket(sequence, 98));
    expect(await ended).toEqual({
      cause: 'codec',
      detail: 'the camera described payload type 96 and sends 98: its codec was changed',
    });
  });

  it('is opened anew when it sends another codec under the number of the one that it described', async () => {
    const scripted = await ScriptedCamera.open();
    const { playing, ended } = openSource(scripted.url());
    await playing;
    for (let sequence = 0; sequence < 20; sequence += 1) scripted.sendData(0, slicePacket(sequence, 96, [0x02, 0x01, 0x80]));
    expect(await ended).toEqual({ cause: 'codec', detail: 'the camera described H264 and sends something else: its codec was changed' });
  });

  it('is answered when it asks something', async () => {
    const scripted = await ScriptedCamera.open();
    const { playing } = openSource(scripted.url());
    await playing;
    const answered = new Promise((resolve) => scripted.sockets[0]?.once('data', (data) => resolve(String(data))));
    scripted.send('OPTIONS * RTSP/1.0\r\nCSeq: 77\r\n\r\n');
    expect(await answered).toBe('RTSP/1.0 501 Not Implemented\r\nCSeq: 77\r\n\r\n');
  });

  it('ends when it says goodbye, with a cause', async () => {
    const scripted = await ScriptedCamera.open();
    const { playing, ended } = openSource(scripted.url());
    await playing;
    scripted.sendData(1, Buffer.from([0x81, 203, 0, 1, 0x12, 0x34, 0x56, 0x78]));
    expect(await ended).toEqual({ cause: 'ended', detail: 'the camera says that its stream ends' });
  });

  it('gives the picture that came in one piece with the answer to PLAY', async () => {
    const idr = Buffer.from('2400000f80e0000100000001123456786588ff', 'hex');
    const scripted = await ScriptedCamera.open((asked, _, { sockets }) => {
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
    const scripted = await ScriptedCamera.open();
    const { playing, ended } = openSource(scripted.url());
    await playing;
    scripted.sockets[0]?.[hangUp]();
    expect(await ended).toEqual({ cause: 'ended', detail: expect.stringMatching(/closed the connection$/) });
  });

  it('ends when its connection is out of step: nobody searches pixels for the next packet', async () => {
    const scripted = await ScriptedCamera.open();
    const { playing, ended, until } = openSource(scripted.url());
    await playing;
    scripted.sendData(0, slicePacket(1));
    scripted.send(Buffer.from([0x99, 0x24, 0, 0, 0]));
    expect(await ended).toEqual({
      cause: 'corrupt',
      detail: 'the connection is out of step: a byte 0x99 where "$" or an RTSP message must begin',
    });
    await until(1);
  });

  it('has a second to hear that it is left', async () => {
    const scripted = await ScriptedCamera.open((asked) => (asked.method === 'TEARDOWN' ? '' : usual(asked)));
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
    const scripted = await ScriptedCamera.open((asked) =>
      asked.method === 'SETUP' ? answer('200 OK', asked, 'Transport: RTP/AVP;multicast\r\n') : usual(asked),
    );
    expect(await openSource(scripted.url()).ended).toMatchObject({ cause: 'codec', detail: expect.stringMatching(/interleaved TCP/) });
    expect(await openSource(scripted.url(), 'udp').ended).toMatchObject({ cause: 'codec', detail: expect.stringMatching(/unicast UDP/) });
  });
});

/** The camera got so many requests, and its answers were read: a packet that it sent behind them has come. */
async function heard(scripted: ScriptedCamera, { packets, until }: Opened, requests: number): Promise<void> {
  await scripted.until(({ asked }) => asked.length === requests);
  scripted.sendData(0, slicePacket(packets.length));
  await until(packets.length + 1);
}
