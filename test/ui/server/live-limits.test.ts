import { afterEach, describe, expect, it } from 'vitest';
import { LiveHarness } from './live-harness.ts';

describe('the WebSocket of the live view', () => {
  let harness: LiveHarness;

  afterEach(() => harness.close());

  it.each([
    ['a page of another origin', { origin: 'https://evil.example' }, '/ws', 403],
    ['a foreign host name', { host: 'evil.example' }, '/ws', 421],
    ['another path', {}, '/socket', 404],
  ])('refuses %s before the upgrade', async (_name, headers, path, status) => {
    harness = await LiveHarness.open();
    expect((await harness.refused(headers, path)).status).toBe(status);
  });

  it('asks for the token, and takes it from a header or a cookie', async () => {
    harness = await LiveHarness.open({ token: 'right-token' });
    expect((await harness.refused()).status).toBe(401);
    await harness.connect({ authorization: 'Bearer right-token' });
    await harness.connect({ cookie: 'ocelli_token=right-token' });
  });

  it.each([
    ['what is no JSON', 'hello', 4400, 'Message refused'],
    ['lists in lists, 10 000 deep', '['.repeat(10_000) + ']'.repeat(10_000), 4400, 'Message refused'],
    ['a prototype', '{"op":"clock","sent":1,"__proto__":{"admin":true}}', 4400, '__proto__'],
    ['an unknown op', JSON.stringify({ op: 'reboot' }), 4400, 'op'],
    [
      'a width that is no number',
      JSON.stringify({ op: 'watch', cameras: [{ id: 'dock-1', width: '9', fps: 1 }] }),
      4400,
      'cameras.0.width',
    ],
    ['less than no picture taken', JSON.stringify({ op: 'took', pictures: -1 }), 4400, 'pictures'],
    ['a rate of infinity', '{"op":"watch","cameras":[{"id":"dock-1","width":320,"fps":1e999}]}', 4400, 'cameras.0.fps'],
    ['an id that is a path', JSON.stringify({ op: 'watch', cameras: [{ id: '../x', width: 320, fps: 1 }] }), 4400, 'cameras.0.id'],
    ['a camera that there is not', JSON.stringify({ op: 'watch', cameras: [{ id: 'nowhere', width: 320, fps: 1 }] }), 4404, 'nowhere'],
  ])('hangs up on %s, with the reason', async (_name, message, code, reason) => {
    harness = await LiveHarness.open();
    const client = await harness.connect();
    client.socket.send(message);
    expect(await client.closed).toEqual({ code, reason: expect.stringContaining(reason) });
  });

  it('hangs up on binary messages', async () => {
    harness = await LiveHarness.open();
    const client = await harness.connect();
    client.socket.send(new Uint8Array([1, 2, 3]));
    expect((await client.closed).code).toBe(1003);
  });

  it('hangs up on text that is no UTF-8', async () => {
    harness = await LiveHarness.open();
    const client = await harness.connect();
    client.socket.send(Buffer.from([0xc3, 0x28]), { binary: false });
    expect((await client.closed).code).toBe(1007);
  });

  it.each([64 * 1024 + 1, 1024 * 1024])('hangs up on a message of %i bytes: more than 64 KiB', async (bytes) => {
    harness = await LiveHarness.open();
    const client = await harness.connect();
    client.socket.send('x'.repeat(bytes));
    expect((await client.closed).code).toBe(1009);
  });

  it('hangs up on a message in pieces of one byte', async () => {
    harness = await LiveHarness.open();
    const client = await harness.connect();
    for (let piece = 0; piece < 200; piece += 1) client.socket.send('x', { fin: false });
    expect((await client.closed).code).toBe(1008);
  });

  it('hangs up on more than 20 messages a second, and takes as many over a longer time', async () => {
    harness = await LiveHarness.open();
    const [calm, flooding] = [await harness.connect(), await harness.connect()];
    for (let count = 0; count < 30; count += 1) {
      harness.clock.advance(100);
      await calm.heard();
    }
    for (let count = 0; count < 21; count += 1) flooding.say({ op: 'clock', sent: count });
    expect(await flooding.closed).toMatchObject({ code: 4429 });
    expect(flooding.texts.filter(({ type }) => type === 'clock')).toHaveLength(20);
  });

  it('takes 100 viewers, refuses the next with a sentence, and takes another when one has gone', async () => {
    harness = await LiveHarness.open();
    const clients = await Promise.all(Array.from({ length: 100 }, () => harness.connect()));
    const refusals = await Promise.all(Array.from({ length: 20 }, () => harness.refused()));
    expect(refusals.map(({ status }) => status)).toEqual(Array(20).fill(503));
    expect(refusals[0]?.error).toContain('100 viewers');
    clients[0]?.socket.close();
    await clients[0]?.closed;
    await harness.connect();
  });

  it('stands a storm of 500 connections: serves as many as it may, turns the others away, and loses no picture for who watches', async () => {
    harness = await LiveHarness.open();
    const watching = await harness.connect();
    await watching.watch({});
    const storm = Array.from({ length: 500 }, (_, index) =>
      index % 5 === 0 ? harness.refused({ origin: 'https://evil.example' }) : harness.refused().catch(() => ({ status: 101, error: '' })),
    );
    for (let seq = 1; seq <= 5; seq += 1) {
      harness.clock.advance(100);
      await harness.frame(seq);
      await watching.frame(seq);
    }
    const statuses = Map.groupBy(await Promise.all(storm), ({ status }) => status);
    const counts = [101, 403, 503].map((status) => statuses.get(status)?.length);
    expect(counts).toEqual([99, 100, 301]);
    expect(watching.frames.map(({ header }) => header.record.seq)).toEqual([1, 2, 3, 4, 5]);
  });

  it('does nothing in time while nobody is connected', async () => {
    harness = await LiveHarness.open();
    const before = harness.clock.waiting;
    const client = await harness.connect();
    expect(harness.clock.waiting).toBeGreaterThan(before);
    const left = harness.viewerLeft();
    client.socket.close();
    await left;
    expect(harness.clock.waiting).toBe(before);
  });

  it('lets go of a viewer that answers no ping', async () => {
    harness = await LiveHarness.open();
    const client = await harness.connect();
    client.socket.pause();
    harness.clock.advance(30_000);
    harness.clock.advance(30_000);
    client.socket.resume();
    expect((await client.closed).code).toBe(1006);
  });

  it('tells viewers that it is being stopped', async () => {
    harness = await LiveHarness.open();
    const client = await harness.connect();
    await harness.server.close();
    expect([1001, 1006]).toContain((await client.closed).code);
  });
});
