import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { OcelliError, sentenceOf } from '../../engine/errors.ts';
import { NO_FAULTS, type Order, parseOrder } from './faults.ts';
import { listen } from './listen.ts';

/** What the control endpoint can do with the cameras. */
export interface Controlled {
  readonly names: readonly string[];
  fault(camera: string, order: Order): Promise<void>;
  stats(): Readonly<Record<string, unknown>>;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

const LARGEST_ORDER_BYTES = 64 * 1024;

/**
 * A small HTTP server for orders, JSON in and out:
 *
 *   GET    /cameras              all cameras: addresses, faults, counters, viewers
 *   GET    /cameras/NAME         one of them
 *   POST   /cameras/NAME/fault   an order, see faults.ts; the answer is the camera afterwards
 *   DELETE /cameras/NAME/fault   everything right again
 */
export async function openControlServer(cameras: Controlled, host: string, port: number): Promise<{ port: number; close: () => void }> {
  const server = createServer((request, response) => void respond(cameras, request, response));
  return { port: await listen(server, host, port), close: () => closeAll(server) };
}

function closeAll(server: Server): void {
  server.close();
  server.closeAllConnections();
}

async function respond(cameras: Controlled, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { status, body } = await answerTo(cameras, request).catch((error) =>
    wrong(error instanceof OcelliError ? 400 : 500, sentenceOf(error)),
  );
  response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8' }).end(`${JSON.stringify(body, null, 2)}\n`);
}

async function answerTo(cameras: Controlled, request: IncomingMessage): Promise<Answer> {
  if (request.headers.origin !== undefined)
    return wrong(403, 'orders from web pages are not taken: send them from a program, without the header Origin');
  const [folder, name, action, ...more] = (request.url ?? '').split('?')[0].split('/').slice(1);
  if (folder !== 'cameras' || more.length > 0) return wrong(404, 'expected /cameras, /cameras/NAME or /cameras/NAME/fault');
  if (name === undefined) return request.method === 'GET' ? { status: 200, body: cameras.stats() } : wrong(405, 'expected GET');
  if (!cameras.names.includes(name)) return wrong(404, `there is no camera "${name}", known are: ${cameras.names.join(', ')}`);
  return answerForCamera(cameras, name, action, request);
}

async function answerForCamera(cameras: Controlled, name: string, action: string | undefined, request: IncomingMessage): Promise<Answer> {
  switch (`${request.method} ${action ?? ''}`) {
    case 'GET ':
      break;
    case 'POST fault':
      await cameras.fault(name, parseOrder(jsonOf(await textOf(request))));
      break;
    case 'DELETE fault':
      await cameras.fault(name, NO_FAULTS);
      break;
    default:
      return wrong(405, 'expected GET /cameras/NAME, or POST or DELETE /cameras/NAME/fault');
  }
  return { status: 200, body: cameras.stats()[name] };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > LARGEST_ORDER_BYTES) throw new OcelliError('INPUT_INVALID', `an order has at most ${LARGEST_ORDER_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new OcelliError(
      'INPUT_INVALID',
      `expected an order in JSON such as {"freeze": true}, got ${text.length} characters that are none: ${sentenceOf(cause)}`,
      { cause },
    );
  }
}

function wrong(status: number, error: string): Answer {
  return { status, body: { error } };
}
