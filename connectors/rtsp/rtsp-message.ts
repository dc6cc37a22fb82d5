import { RtspProblem } from './rtsp-problem.ts';

/** Answer of an RTSP server: RFC 2326, section 7. */
export interface RtspAnswer {
  readonly kind: 'answer';
  readonly status: number;
  readonly reason: string;
  readonly headers: RtspHeaders;
  readonly body: string;
}

/** A request that the camera makes: RFC 2326, section 6. */
export interface RtspRequest {
  readonly kind: 'request';
  readonly method: string;
  readonly headers: RtspHeaders;
}

/** Every value of a header, by its name in lower case. */
export type RtspHeaders = ReadonlyMap<string, readonly string[]>;

const HEAD_LIMIT_BYTES = 16 * 1024;
const BODY_LIMIT_BYTES = 64 * 1024;

export function formatRequest(method: string, url: string, headers: Readonly<Record<string, string | undefined>>): string {
  const lines = Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}\r\n`]));
  return `${method} ${url} RTSP/1.0\r\n${lines.join('')}\r\n`;
}

/** Nothing that a camera asks of its viewer is done. */
export function formatRefusal({ headers }: RtspRequest): string {
  return `RTSP/1.0 501 Not Implemented\r\nCSeq: ${headers.get('cseq')?.[0] ?? 0}\r\n\r\n`;
}

/**
 * Reads one message from the front of `bytes`; `undefined`: more is needed. Where `usedBytes` is more than there is, the message is not
 * complete, but it is known how long it will be.
 *
 * @throws RtspProblem on what is no RTSP, or too long.
 */
export function readRtspMessage(bytes: Buffer): { readonly message: RtspAnswer | RtspRequest; readonly usedBytes: number } | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end > HEAD_LIMIT_BYTES || (end === -1 && bytes.length > HEAD_LIMIT_BYTES)) {
    throw new RtspProblem('refused', `the head of the camera's answer is longer than ${HEAD_LIMIT_BYTES} bytes`);
  }
  if (end === -1) {
    refuseOtherProtocol(bytes);
    return undefined;
  }
  const [first = '', ...lines] = bytes.toString('utf8', 0, end).split('\r\n');
  const headers = readHeaders(lines);
  const usedBytes = end + 4 + bodyLength(headers);
  return { message: readFirstLine(first, headers, bytes.toString('utf8', end + 4, usedBytes)), usedBytes };
}

/** Tells at once what can never become RTSP, instead of waiting for its end. */
function refuseOtherProtocol(bytes: Buffer): void {
  const line = bytes.toString('latin1', 0, 200);
  const begins = /^[A-Z_]+( |$)/.test(line) || 'RTSP/'.startsWith(line.slice(0, 5)) || /^RTSP\//.test(line);
  if (!begins) throw notRtsp(line);
}

function readFirstLine(line: string, headers: RtspHeaders, body: string): RtspAnswer | RtspRequest {
  const [, status, reason] = /^RTSP\/\d\.\d (\d{3}) ?(.*)$/.exec(line) ?? [];
  if (status !== undefined) return { kind: 'answer', status: Number(status), reason: reason ?? '', headers, body };
  const method = /^([A-Z_]+) \S+ RTSP\/\d\.\d$/.exec(line)?.[1];
  if (method === undefined) throw notRtsp(line);
  return { kind: 'request', method, headers };
}

function notRtsp(line: string): RtspProblem {
  return new RtspProblem('refused', `what the camera sends is no RTSP: it begins ${JSON.stringify(line.slice(0, 20))}`);
}

function readHeaders(lines: readonly string[]): Map<string, string[]> {
  const headers = new Map<string, string[]>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon === -1) continue;
    const name = line.slice(0, colon).trim().toLowerCase();
    const values = headers.get(name);
    if (values === undefined) headers.set(name, [line.slice(colon + 1).trim()]);
    else values.push(line.slice(colon + 1).trim());
  }
  return headers;
}

function bodyLength(headers: RtspHeaders): number {
  const text = headers.get('content-length')?.[0] ?? '0';
  const length = Number(text);
  if (Number.isInteger(length) && length >= 0 && length <= BODY_LIMIT_BYTES) return length;
  throw new RtspProblem('refused', `the camera's answer says that it is ${JSON.stringify(text.slice(0, 20))} bytes long`);
}
