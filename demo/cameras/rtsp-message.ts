/** A request of RTSP 1.0 (RFC 2326, section 6). Names of headers are in lower case. */
export interface RtspRequest {
  readonly kind: 'request';
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** Binary data between the messages (section 10.12): here reports of the receiver. */
export interface InterleavedData {
  readonly kind: 'data';
  readonly channel: number;
  readonly payload: Buffer;
}

/** An answer (section 7). */
export interface RtspResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: string;
}

const REASONS: Readonly<Record<number, string>> = {
  200: 'OK',
  302: 'Moved Temporarily',
  400: 'Bad Request',
  401: 'Unauthorized',
  404: 'Not Found',
  405: 'Method Not Allowed',
  454: 'Session Not Found',
  455: 'Method Not Valid in This State',
  461: 'Unsupported Transport',
  503: 'Service Unavailable',
  505: 'RTSP Version Not Supported',
  551: 'Option Not Supported',
};
const DOLLAR = 0x24;
const LARGEST_HEAD_BYTES = 16 * 1024;
const LARGEST_BODY_BYTES = 64 * 1024;

/** The client did not speak RTSP. `status` is what to answer before hanging up. */
export class RtspSyntaxError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Takes the first complete message from the front of `bytes`: the message and how many bytes it used, or undefined until more has come. */
export function nextMessage(bytes: Buffer): { message: RtspRequest | InterleavedData; usedBytes: number } | undefined {
  if (bytes[0] === DOLLAR) return nextData(bytes);
  const endOfHead = bytes.indexOf('\r\n\r\n');
  if (endOfHead > LARGEST_HEAD_BYTES || (endOfHead < 0 && bytes.length > LARGEST_HEAD_BYTES)) {
    throw new RtspSyntaxError(400, `the head of a request is longer than ${LARGEST_HEAD_BYTES} bytes`);
  }
  if (endOfHead < 0) return undefined;
  const message = requestOf(bytes.toString('utf8', 0, endOfHead));
  const usedBytes = endOfHead + 4 + bodyLength(message);
  return usedBytes <= bytes.length ? { message, usedBytes } : undefined;
}

/** The bytes of an answer to the request with this CSeq. */
export function formatResponse({ status, headers = {}, body = '' }: RtspResponse, cseq: string | undefined): Buffer {
  const all = { CSeq: cseq, Server: 'Ocelli cameras', ...headers, ...(body === '' ? {} : { 'Content-Length': Buffer.byteLength(body) }) };
  const lines = Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`]));
  return Buffer.from(`${[`RTSP/1.0 ${status} ${REASONS[status] ?? 'Unknown'}`, ...lines].join('\r\n')}\r\n\r\n${body}`);
}

/** Puts a packet between the messages, on a channel agreed at SETUP. */
export function interleave(channel: number, packet: Uint8Array): Buffer {
  const framed = Buffer.allocUnsafe(4 + packet.length);
  framed[0] = DOLLAR;
  framed[1] = channel;
  framed.writeUInt16BE(packet.length, 2);
  framed.set(packet, 4);
  return framed;
}

function nextData(bytes: Buffer): { message: InterleavedData; usedBytes: number } | undefined {
  if (bytes.length < 4) return undefined;
  const usedBytes = 4 + bytes.readUInt16BE(2);
  if (bytes.length < usedBytes) return undefined;
  return { message: { kind: 'data', channel: bytes[1], payload: bytes.subarray(4, usedBytes) }, usedBytes };
}

function requestOf(head: string): RtspRequest {
  const [line, ...headerLines] = head.replace(/^(\r\n)+/, '').split('\r\n');
  const [, method, url, version] = /^([A-Z_]+) (\S+) RTSP\/(\d\.\d)$/.exec(line) ?? [];
  if (method === undefined)
    throw new RtspSyntaxError(
      400,
      `expected a request line such as "DESCRIBE rtsp://host/camera RTSP/1.0", got ${JSON.stringify(line.slice(0, 80))}`,
    );
  if (version !== '1.0') throw new RtspSyntaxError(505, `expected RTSP/1.0, got RTSP/${version}`);
  return { kind: 'request', method, url, headers: Object.fromEntries(headerLines.map(headerOf)) };
}

function headerOf(line: string): [string, string] {
  const colon = line.indexOf(':');
  if (colon < 1) throw new RtspSyntaxError(400, `expected a header "Name: value", got ${JSON.stringify(line.slice(0, 80))}`);
  return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
}

function bodyLength({ headers }: RtspRequest): number {
  const length = Number(headers['content-length'] ?? 0);
  if (Number.isInteger(length) && length >= 0 && length <= LARGEST_BODY_BYTES) return length;
  throw new RtspSyntaxError(
    400,
    `expected a Content-Length from 0 to ${LARGEST_BODY_BYTES}, got ${JSON.stringify(headers['content-length'])}`,
  );
}
