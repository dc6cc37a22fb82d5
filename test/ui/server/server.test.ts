import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SqliteLog } from '../../../engine/log/index.ts';
import { Secret } from '../../../engine/secret.ts';
import { Database } from '../../../engine/sqlite/database.ts';
import { createServer } from '../../../ui/server/server.ts';
import { ManualClock } from '../../manual-clock.ts';
import { detected, frame, gap, mark, timeOf } from '../../records.ts';

const HOST = { host: '127.0.0.1:8080' };

describe('the server', () => {
  let database: Database;
  let log: SqliteLog;
  let server: FastifyInstance;
  let clock: ManualClock;

  const open = (token?: string) =>
    createServer({
      log,
      access: { host: '127.0.0.1', ...(token === undefined ? {} : { token: new Secret(token) }) },
      metrics: async () => ({ text: 'ocelli_up 1\n', type: 'text/plain' }),
      readiness: () => ({ ready: false, waiting: ['dock-1 is being opened'] }),
      clock,
    });

  beforeEach(async () => {
    database = new Database(join(mkdtempSync(join(tmpdir(), 'ocelli-server-')), 'log.db'));
    log = await SqliteLog.open(database);
    clock = new ManualClock();
    server = open();
  });

  afterEach(async () => {
    await server.close();
    await log.close();
    database.close();
  });

  const get = (url: string, headers: Record<string, string> = HOST) => server.inject({ url, headers });
  const lines = async (url: string) =>
    (await get(url)).body
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));

  describe('topics', () => {
    beforeEach(async () => {
      await log.append('detections', 0, [mark('up', 0), frame(1), gap(2, 4), frame(5), frame(0, [], { camera: 'gate-2' })]);
    });

    it('come as one committed record a line', async () => {
      expect(await lines('/api/topics/detections')).toHaveLength(5);
    });

    it('can be had of one camera', async () => {
      expect((await lines('/api/topics/detections?camera=gate-2')).map(({ id }) => id)).toEqual(['gate-2/1/0']);
    });

    it('can be limited', async () => {
      expect(await lines('/api/topics/detections?limit=2')).toHaveLength(2);
    });

    it('can begin at a time', async () => {
      expect((await lines(`/api/topics/detections?camera=dock-1&from=${timeOf(3)}`))[0]).toMatchObject({ type: 'gap', from: 2 });
    });

    it('can begin at the record that covers a place', async () => {
      expect((await lines('/api/topics/detections?from=dock-1/1/3'))[0]).toMatchObject({ type: 'gap', from: 2 });
    });

    it('can begin now, where nothing is yet', async () => {
      expect(await lines('/api/topics/detections?from=now')).toEqual([]);
    });

    it('are followed as records are committed', async () => {
      const url = await server.listen({ host: '127.0.0.1', port: 0 });
      const response = await fetch(`${url}/api/topics/detections?from=now&follow=true`);
      const reader = (response.body as ReadableStream<Uint8Array>).getReader();
      await log.append('detections', 0, [frame(6)]);
      const { value } = await reader.read();
      expect(JSON.parse(Buffer.from(value as Uint8Array).toString())).toMatchObject({ seq: 6 });
      await reader.cancel();
    });

    const follow = async (from: string) => {
      const url = await server.listen({ host: '127.0.0.1', port: 0 });
      return fetch(`${url}/api/topics/detections?from=${from}&follow=true`);
    };

    it('end for their followers when the server closes, with everything that is committed by then', async () => {
      const response = await follow('beginning');
      const reading = response.text();
      await log.append('detections', 0, [frame(6), frame(7)]);
      await server.close();
      const seen = (await reading).trim().split('\n');
      expect(seen).toHaveLength(7);
      expect(JSON.parse(seen.at(-1) ?? '')).toMatchObject({ seq: 7 });
    });

    it('are cut off for a follower that does not read, two seconds after the server began to close', async () => {
      const much = Array.from({ length: 20_000 }, (_, index) =>
        frame(
          10 + index,
          Array.from({ length: 10 }, () => detected()),
        ),
      );
      await log.append('detections', 0, much);
      const response = await follow('beginning');
      const closing = server.close();
      await clock.isWaitedFor();
      clock.advance(2000);
      await closing;
      await expect(response.text()).rejects.toThrow('terminated');
    });

    it.each([
      ['/api/topics/detection', 404, 'expected one of detections, tracks'],
      ['/api/topics/detections?camera=..%2fx', 400, 'expected the id of a camera'],
      ['/api/topics/detections?limit=0', 400, 'limit'],
      ['/api/topics/detections?from=yesterday', 400, 'expected beginning, now, a time'],
      ['/api/topics/detections?form=now', 400, 'form'],
      ['/nowhere', 404, 'There is nothing at GET /nowhere'],
    ])('are refused with a sentence: %s', async (url, status, sentence) => {
      const response = await get(url);
      expect(response.statusCode).toBe(status);
      expect(response.json().error).toContain(sentence);
    });
  });

  describe('health', () => {
    it('says that it lives', async () => {
      expect((await get('/health/live')).json()).toEqual({ live: true });
    });

    it('says what it waits for until it is ready', async () => {
      const response = await get('/health/ready');
      expect([response.statusCode, response.json().waiting]).toEqual([503, ['dock-1 is being opened']]);
    });

    it('gives metrics to Prometheus', async () => {
      expect((await get('/metrics')).body).toContain('ocelli_up 1');
    });
  });

  describe('access', () => {
    it('is refused under a foreign host name', async () => {
      expect((await get('/api/topics', { host: 'evil.example' })).statusCode).toBe(421);
    });

    it('is given under every loopback name', async () => {
      for (const host of ['localhost:8080', '127.0.0.1:8080', '[::1]:8080'])
        expect((await get('/api/topics', { host })).statusCode).toBe(200);
    });

    it('is refused to pages of other origins', async () => {
      expect((await get('/api/topics', { ...HOST, origin: 'https://evil.example' })).statusCode).toBe(403);
    });

    it('is given to its own pages', async () => {
      expect((await get('/api/topics', { ...HOST, origin: 'http://127.0.0.1:8080' })).statusCode).toBe(200);
    });

    it.each([
      ['no token', {}, 401],
      ['a wrong token', { authorization: 'Bearer wrong-token' }, 401],
      ['the token in a header', { authorization: 'Bearer right-token' }, 200],
      ['the token in a cookie', { cookie: 'theme=dark; ocelli_token=right-token' }, 200],
      ['a cookie that nobody can decode', { cookie: 'ocelli_token=100%' }, 401],
    ])('with a token set, %s', async (_name, headers, status) => {
      server = open('right-token');
      expect((await get('/api/topics', { ...HOST, ...headers })).statusCode).toBe(status);
    });

    it('needs no token for health, which tells nothing', async () => {
      server = open('right-token');
      expect((await get('/health/live')).statusCode).toBe(200);
    });
  });
});
