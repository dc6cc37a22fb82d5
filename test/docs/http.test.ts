import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigurationFile } from '../../engine/config/configuration-file.ts';
import { encodeJpeg } from '../../engine/pictures/picture.ts';
import { clusterAnswer } from '../../site/cluster-answer.ts';
import { CameraEditor } from '../../ui/server/cameras/camera-editor.ts';
import { createServer } from '../../ui/server/server.ts';
import { clusterView } from '../site/cluster-view.ts';
import { LiveHarness } from '../ui/server/live-harness.ts';
import { replaceBlock } from './marked-block.ts';
import { cameraKeysTable } from './write-http.ts';

const PAGE = readFileSync('docs/http.md', 'utf8');
const ENVIRONMENT = { CAMERA_GATE: 's3cret' };
const FILE = 'cameras:\n  - id: dock-1\n    url: rtsp://viewer:s3cret@192.0.2.10/stream2\n';

/** A request as the page shows it, and the answer. */
interface Exchange {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: string | undefined;
  readonly status: number;
  readonly answer: unknown;
  readonly answerHeaders: Record<string, string>;
}

const EXCHANGES = [...PAGE.matchAll(/```http\n(.*?)```/gs)].map(([, text = '']) => exchangeOf(text));

function exchangeOf(text: string): Exchange {
  const [request = '', answer = ''] = text.split(/(?=^HTTP\/1\.1 )/m);
  const [head = '', body] = request.trim().split('\n\n');
  const [first = '', ...headers] = head.split('\n');
  const [method, url = ''] = first.split(' ');
  const [answerHead = '', ...json] = answer.split('\n\n');
  const [status = '', ...answerHeaders] = answerHead.split('\n');
  return {
    method: method as Exchange['method'],
    url,
    headers: headersOf(headers),
    body,
    status: Number(status.split(' ')[1]),
    answer: JSON.parse(json.join('\n\n')),
    answerHeaders: headersOf(answerHeaders),
  };
}

function headersOf(lines: readonly string[]): Record<string, string> {
  return Object.fromEntries(lines.map((line) => [line.split(': ')[0]?.toLowerCase(), line.slice(line.indexOf(': ') + 2)]));
}

/** The answer with every text cut where the page cuts it with `…`. */
function cutLike(page: unknown, real: unknown): unknown {
  if (typeof page === 'string' && page.endsWith('…') && typeof real === 'string') return `${real.slice(0, page.length - 1)}…`;
  if (Array.isArray(page) && Array.isArray(real)) return real.map((part, index) => cutLike(page[index], part));
  if (page === null || real === null || typeof page !== 'object' || typeof real !== 'object') return real;
  return Object.fromEntries(Object.entries(real).map(([key, part]) => [key, cutLike((page as Record<string, unknown>)[key], part)]));
}

describe('the page of HTTP', () => {
  let harness: LiveHarness;
  let server: FastifyInstance;

  beforeAll(async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'ocelli-http-')), 'ocelli.yaml');
    writeFileSync(file, FILE);
    const jpeg = await encodeJpeg({ width: 2, height: 2, pixels: new Uint8Array(12) }, 80);
    harness = await LiveHarness.open({ cameras: [{ address: 'rtsp://***@192.0.2.10/stream2' }] });
    server = createServer({
      log: harness.log,
      access: { host: '127.0.0.1' },
      metrics: async () => ({ text: '', type: 'text/plain' }),
      readiness: () => ({ ready: true, waiting: [] }),
      live: harness.live,
      cluster: async () => clusterAnswer(clusterView()),
      cameras: new CameraEditor({
        file: new ConfigurationFile(file, { environment: ENVIRONMENT }),
        environment: ENVIRONMENT,
        apply: async () => {},
        probe: async () => ({
          ok: true,
          codec: 'h264',
          fps: 15,
          image: { width: 960, height: 540 },
          first: { time: 0, tookMs: 100 },
          jpeg,
        }),
      }),
    });
    await server.ready();
  });

  afterAll(async () => {
    await server.close();
    await harness.close();
  });

  it('names every address, and no other', () => {
    const table = PAGE.slice(PAGE.indexOf('<!-- routes -->'), PAGE.indexOf('<!-- /routes -->'));
    const named = [...table.matchAll(/^\| `(\w+ [^`]+)` \|/gm)].map(([, address]) => address);
    expect(named.toSorted()).toEqual(addresses(server).toSorted());
  });

  it('has the keys of a camera as the schema has them: `node test/docs/write-http.ts` writes them', () => {
    expect(PAGE).toBe(replaceBlock(PAGE, 'keys', cameraKeysTable()));
  });

  it.each(EXCHANGES)(
    'shows what is answered: $method $url, $status',
    async ({ method, url, headers, body, status, answer, answerHeaders }) => {
      const host = { host: '127.0.0.1' };
      const real = await server.inject({ method, url, headers: { ...host, ...headers }, ...(body === undefined ? {} : { payload: body }) });
      expect([real.statusCode, cutLike(answer, real.json())]).toEqual([status, answer]);
      expect(real.headers).toMatchObject(answerHeaders);
    },
  );
});

/** `GET /api/topics` and so on, of everything that the server answers. */
function addresses(server: FastifyInstance): string[] {
  const path: string[] = [];
  const found = server
    .printRoutes({ commonPrefix: false })
    .split('\n')
    .flatMap((line) => {
      const [, indent = '', part = '', methods = ''] = /^([│ ]*[├└]── )(\S+) \(([^)]+)\)$/.exec(line) ?? [];
      path.splice(indent.length / 4 - 1);
      path.push(part);
      return methods.split(', ').map((method) => `${method} ${path.join('')}`);
    });
  return found.filter((address) => /^(GET|POST|PATCH|DELETE) /.test(address)).map((address) => (address === 'GET *' ? 'GET /' : address));
}
