/** Answer of an RTSP server: RFC 2326, section 7. */
export interface RtspAnswer {
  readonly status: number;
  readonly reason: string;
  /** Every value of a header, by its name in lower case. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly body: string;
}

const HEADER_LIMIT_BYTES = 64 * 1024;
const BODY_LIMIT_BYTES = 256 * 1024;

export function rtspRequest(method: string, url: string, headers: Readonly<Record<string, string>>): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${url} RTSP/1.0\r\n${lines.join('')}\r\n`;
}

/** Reads one answer from what has come so far; `undefined`: more is needed. Throws on what is no RTSP, or too long. */
export function readRtspAnswer(bytes: Buffer): RtspAnswer | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end === -1) {
    if (bytes.length > HEADER_LIMIT_BYTES || !couldBeRtsp(bytes)) throw new Error('the answer is no RTSP');
    return undefined;
  }
  const [first = '', ...lines] = bytes.toString('utf8', 0, end).split('\r\n');
  const [, status, reason] = /^RTSP\/\d\.\d (\d{3}) ?(.*)$/.exec(first) ?? [];
  if (status === undefined) throw new Error('the answer is no RTSP');
  const headers = readHeaders(lines);
  const length = Number(headers.get('content-length')?.[0] ?? 0);
  if (!Number.isInteger(length) || length < 0 || length > BODY_LIMIT_BYTES) throw new Error('the answer has an impossible length');
  if (bytes.length < end + 4 + length) return undefined;
  return { status: Number(status), reason: reason ?? '', headers, body: bytes.toString('utf8', end + 4, end + 4 + length) };
}

function couldBeRtsp(bytes: Buffer): boolean {
  return 'RTSP/'.startsWith(bytes.toString('latin1', 0, 5).slice(0, bytes.length));
}

function readHeaders(lines: readonly string[]): Map<string, string[]> {
  const headers = new Map<string, string[]>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon === -1) continue;
    const name = line.slice(0, colon).trim().toLowerCase();
    headers.set(name, [...(headers.get(name) ?? []), line.slice(colon + 1).trim()]);
  }
  return headers;
}
